import { Alert } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { RhythmPreview } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { Times } from "@/shared/Times";
import { useNextTimes } from "./leaving";

type Props = { rhythm: Omit<RhythmPreview, "time_zones">; zones: string[]; paused: boolean };

/** The next five sendings to whomever, before anything is saved; in the viewer's own zone. */
export function NextTimes({ rhythm, zones, paused }: Props) {
	const [asked] = useDebouncedValue({ ...rhythm, time_zones: [...new Set(zones)] }, 300);
	const none = asked.time_zones.length === 0 || (asked.rhythm === "weekdays" && !asked.weekdays?.length);
	const next = useNextTimes(asked);
	if (none) return null;
	if (next.isError) return <Alert color="yellow">{sentence(next.error)}</Alert>;
	return (
		<Times
			label="Next sendings"
			about={`${paused ? "Paused. Resumed, it would leave" : "The next five sendings"}, by your own clock`}
			count={5}
			times={next.data?.next_times}
		/>
	);
}
