import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { render } from "@/test/render";
import { DeadLettersTab } from "./DeadLettersTab";

const answer = (body: unknown) =>
	new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });

test("when the chosen cause is replayed the others are shown", async () => {
	const at = { count: 1, last_at: "2026-11-01T00:00:00Z" };
	let causes = [
		{ error_class: "network", error_code: "x", job: "one", title: "One", ...at },
		{ error_class: "auth", error_code: "y", job: "two", title: "Two", ...at },
	];
	vi.stubGlobal("fetch", async ({ method, url }: Request) => {
		const { pathname, searchParams } = new URL(url);
		if (method === "POST") {
			causes = causes.slice(1);
			return answer({ matched: 1 });
		}
		if (pathname.endsWith("/groups")) return answer(causes);
		const job = searchParams.get("job");
		const items = causes
			.filter((cause) => !job || cause.job === job)
			.map((cause) => ({
				id: cause.job,
				title: `Run ${cause.title}`,
				attempts: 1,
				finished_at: at.last_at,
				error: null,
			}));
		return answer({ items, next: null });
	});
	render(<DeadLettersTab open={undefined} onOpen={() => {}} />);
	await userEvent.click(await screen.findByRole("button", { name: /^One: 1 run/ }));
	await waitFor(() => expect(screen.queryByText("Run Two")).toBeNull());
	await userEvent.click(screen.getAllByRole("button", { name: /^Replay it/ })[0] as HTMLElement);
	expect(await screen.findByText("Run Two")).toBeVisible();
	expect(screen.queryByText("Run One")).toBeNull();
});
