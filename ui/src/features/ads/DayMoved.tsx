import { Anchor, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { DayMovedOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { ProblemPanel } from "@/shared/states";
import type { Cell } from "@/shared/TwinTable";
import { day, moment } from "@/shared/time";
import classes from "./AdAccounts.module.css";
import { type Metric, useRestatement } from "./accountQueries";

type Props = {
	account: string;
	metric: Metric;
	moved: DayMovedOut;
	shown: (value: number | null | undefined) => Cell;
};

/** One past day: what its number was from when on, and which ads moved it. */
export function DayMoved({ account, metric, moved, shown }: Props) {
	const found = useRestatement(account, moved.day, metric);
	const place = useRef<HTMLElement>(null);
	useEffect(() => place.current?.scrollIntoView({ block: "nearest" }), []);
	const told = (value: number | null) => shown(value).shown;
	return (
		<section ref={place} aria-label={`How ${day(moved.day)} moved`} className={classes.link}>
			<Title order={3} size="h6">
				{day(moved.day)}
			</Title>
			<ol className={classes.steps}>
				{moved.points.map(({ at, value }) => (
					<li key={at ?? "first"}>
						<Text size="sm" c="dimmed">
							{at ? moment(at) : "First read"}
						</Text>
						<Text size="sm" className="numeric" fw={550}>
							{told(value)}
						</Text>
					</li>
				))}
			</ol>
			{found.isPending ? (
				<Group justify="center">
					<Loader size="sm" aria-label="Loading ads" />
				</Group>
			) : failed(found) ? (
				<ProblemPanel error={found.error} retry={found.refetch} />
			) : (
				<Stack gap={4}>
					<Text size="xs" c="dimmed">
						By ad, the latest change first
					</Text>
					<ul className={classes.steps}>
						{found.data.changes.slice(0, MOST).map(({ ad_id, ad, old, new: now, at }) => (
							<li key={`${ad_id}${at}`}>
								<Anchor
									size="sm"
									truncate
									renderRoot={(props) => <Link to="/ads" search={{ ad: ad_id }} {...props} />}
								>
									{ad}
								</Anchor>
								<Text size="sm" className="numeric" style={{ whiteSpace: "nowrap" }}>
									{told(old)} → {told(now)}
								</Text>
							</li>
						))}
					</ul>
					{found.data.changes.length > MOST && (
						<Text size="xs" c="dimmed">
							and {found.data.changes.length - MOST} more
						</Text>
					)}
				</Stack>
			)}
		</section>
	);
}

const MOST = 20;
