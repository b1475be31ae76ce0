import { Alert, Loader, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useSession } from "@/api/session";
import { days } from "@/shared/range";
import { LoadingPanel } from "@/shared/states";
import type { Block } from "./blocks";
import { faultOf } from "./faults";
import classes from "./Templates.module.css";
import { usePreview } from "./templates";

/** The page that the blocks make of the last 30 days, as it would leave. Nothing in it runs. */
export function TemplatePreview({ blocks }: { blocks: Block[] | undefined }) {
	const zone = useSession().organization.time_zone;
	const [settled] = useDebouncedValue(blocks, 400);
	const span = days("30d", zone);
	const preview = usePreview(
		settled && span ? { blocks: settled, wish: { since_on: span.since, until_on: span.until } } : undefined,
	);
	const busy = preview.isFetching || settled !== blocks;
	return (
		<section className={classes.preview} aria-label="Preview" aria-busy={busy}>
			<div className={classes.previewHead}>
				<Text size="sm" fw={600}>
					Preview
				</Text>
				<Text size="xs" c="dimmed">
					your last 30 days, as they would leave
				</Text>
				{busy && <Loader size={14} ml="auto" role="status" aria-label="Making the preview" />}
			</div>
			{preview.isError && (
				<Alert color="red" m="md">
					{faultOf(preview.error)}
				</Alert>
			)}
			{preview.data ? (
				<iframe
					className={classes.paper}
					title="What the template makes"
					sandbox=""
					srcDoc={withoutWays(preview.data)}
				/>
			) : (
				!preview.isError && <LoadingPanel what="preview" />
			)}
		</section>
	);
}

/** Its links lead nowhere: they ask for a window, which the sandbox does not grant, and the frame stays where it is. */
function withoutWays(page: string): string {
	return page.replace(/<head\b[^>]*>/i, '$&<base target="_blank"><style>a{cursor:default}</style>');
}
