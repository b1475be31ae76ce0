import { Alert } from "@mantine/core";
import { sentence } from "@/api/problems";
import { Times } from "@/shared/Times";
import { usePreview } from "./queries";

/** The next ten times a schedule would come due, in its own zone, before it is saved. */
export function NextRuns({ cron, timeZone }: { cron: string; timeZone: string }) {
	const preview = usePreview(cron, timeZone);
	if (preview.isError) return <Alert color="yellow">{sentence(preview.error)}</Alert>;
	const times = preview.data?.next_runs;
	return <Times label="Next runs" about="Next ten runs" count={10} times={times} timeZone={timeZone} />;
}
