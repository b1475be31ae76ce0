import type { OpmlResult } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import { complain, say } from "@/shared/undo";

/** What came of a list of feeds. */
export function tellOfImport({ followed, already, rejected }: OpmlResult) {
	say(`${plural(followed, "feed")} followed, ${already} followed already`);
	if (rejected.length > 0) {
		complain(
			`${plural(rejected.length, "address", "addresses")} left out. ${rejected
				.slice(0, 3)
				.map(({ url, reason }) => `${url}: ${reason}`)
				.join(" · ")}`,
		);
	}
}
