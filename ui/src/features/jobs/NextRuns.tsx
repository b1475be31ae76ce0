import { Alert, Skeleton } from "@mantine/core";
import { sentence } from "@/api/problems";
import { Times } from "@/shared/Times";
import { usePreview } from "./queries";

/** The next ten times a schedule would come due, in its own zone, before it is saved. */
export function NextRuns({ cron, timeZone }: { cron: string; timeZone: string }) {
	const preview = usePreview(cron, timeZone);
	if (preview.isError) return <Alert color="yellow">{sentence(preview.error)}</Alert>;
	if (!preview.data) return <Skeleton h={92} />;
	return <Times label="Next runs" about="Next ten runs" times={preview.data.next_runs} timeZone={timeZone} />;
}
