import { Button, Group, Slider, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { TrustOut } from "@/api/generated/types.gen";
import { ChartTwin } from "@/shared/ChartTwin";
import { percent, plural } from "@/shared/numbers";
import { plainTwin } from "@/shared/TwinTable";
import { say } from "@/shared/undo";
import { LimitPicture } from "./pictures";
import { useSetLimit } from "./queries";
import classes from "./Trust.module.css";
import { nearest, whatLimitDoes } from "./words";

/** The limit of confidence: what it keeps and how much of that is right, before it is moved. */
export function LimitCard({ trust, may }: { trust: TrustOut; may: boolean }) {
	const { limit, curve, promise, general_limit } = trust;
	const [wanted, setWanted] = useState<number>();
	const set = useSetLimit();
	const at = wanted ?? limit;
	const there = nearest(curve, at);
	const move = (to: number | null) =>
		set.mutate(
			{ path: { brand_id: trust.brand_id }, body: { limit: to } },
			{
				onSuccess: () => {
					setWanted(undefined);
					say(`Counts from ${percent(to ?? general_limit)} on; the mentions follow`);
				},
			},
		);
	return (
		<ChartTwin
			level={3}
			title="From how sure on it counts"
			about={`${plural(trust.mentions, "mention")} of 90 days`}
			twin={plainTwin(
				["Limit", "Shown", "Kept", "Right", "From", "To", "Judged"],
				curve.map((one) => [
					percent(one.limit),
					one.shown,
					percent(one.kept),
					percent(one.precision.share),
					percent(one.precision.low),
					percent(one.precision.high),
					one.checked,
				]),
			)}
		>
			<Stack gap="sm">
				{there && (
					<Text size="sm" aria-live="polite">
						{whatLimitDoes({ ...there, limit: at })}
					</Text>
				)}
				<LimitPicture curve={curve} limit={at} />
				<div className={classes.slider}>
					<Slider
						thumbLabel="Limit of confidence"
						min={0.3}
						max={0.98}
						step={0.01}
						value={at}
						onChange={setWanted}
						label={percent}
						disabled={!may || promise !== null}
						thumbProps={{ "data-own-keys": true } as React.ComponentProps<"div">}
					/>
				</div>
				{promise ? (
					<Text size="xs" c="dimmed">
						The limit moves by itself, because a precision is promised below.
					</Text>
				) : (
					may && (
						<Group gap="xs" mih={30}>
							{wanted !== undefined && wanted !== limit && (
								<>
									<Button size="xs" loading={set.isPending} onClick={() => move(wanted)}>
										Count from {percent(wanted)} on
									</Button>
									<Button size="xs" variant="default" onClick={() => setWanted(undefined)}>
										Leave it at {percent(limit)}
									</Button>
								</>
							)}
							{wanted === undefined && limit !== general_limit && (
								<Button size="xs" variant="subtle" loading={set.isPending} onClick={() => move(null)}>
									Back to the usual {percent(general_limit)}
								</Button>
							)}
						</Group>
					)
				)}
			</Stack>
		</ChartTwin>
	);
}
