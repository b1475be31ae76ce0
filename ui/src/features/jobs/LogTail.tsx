import { Button, Group, SegmentedControl, Skeleton, Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { CircleAlert, Download, Pause, Play } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { LogLineOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { capital } from "@/shared/numbers";
import { ProblemPanel } from "@/shared/states";
import classes from "./LogTail.module.css";
import { useLog } from "./queries";

const LEVELS = ["debug", "info", "warning", "error"] as const;
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The log as it grows: stays at its end unless one has scrolled up to read, or holds it still. */
export function LogTail({ run }: { run: string }) {
	const [level, setLevel] = useState<(typeof LEVELS)[number]>("info");
	const [held, setHeld] = useState<number | null>(null);
	const [sought, seek] = useState<number | null>(null);
	const log = useLog(run, level);
	const all = log.data?.items ?? [];
	const lines = held === null ? all : all.filter(({ seq }) => seq <= held);
	const waiting = all.length - lines.length;
	const errors = lines.filter((line) => line.level === "error");
	const next = errors.find(({ seq }) => seq > (sought ?? -1)) ?? errors[0];
	return (
		<>
			<Group gap="xs" mb="xs" justify="space-between">
				<SegmentedControl
					size="xs"
					aria-label="Level"
					value={level}
					onChange={(value) => setLevel(value as typeof level)}
					data={LEVELS.map((value) => ({ value, label: capital(value) }))}
				/>
				<Group gap={6}>
					{next && (
						<Button
							size="compact-xs"
							variant="default"
							leftSection={<CircleAlert size={13} />}
							onClick={() => seek(next.seq)}
						>
							{errors.length > 1 ? `Next of ${errors.length} errors` : "Go to the error"}
						</Button>
					)}
					{lines.length > 0 && log.data?.over === false && (
						<Button
							size="compact-xs"
							variant="default"
							leftSection={held === null ? <Pause size={13} /> : <Play size={13} />}
							onClick={() => setHeld(held === null ? (lines.at(-1)?.seq ?? 0) : null)}
						>
							{held === null ? "Hold still" : waiting > 0 ? `Go on, ${waiting} new` : "Go on"}
						</Button>
					)}
					<Button
						component="a"
						href={`/api/runs/${run}/log.txt`}
						download
						size="compact-xs"
						variant="default"
						leftSection={<Download size={13} />}
					>
						Download
					</Button>
				</Group>
			</Group>
			{log.isPending ? (
				<Skeleton h={160} role="status" aria-label="Loading the log" />
			) : failed(log) ? (
				<ProblemPanel error={log.error} retry={log.refetch} />
			) : lines.length === 0 ? (
				<Text size="sm" c="dimmed">
					{log.data.over ? "It left no line of this level." : "No line yet. They appear as they are written."}
				</Text>
			) : (
				<Lines lines={lines} sought={sought} />
			)}
		</>
	);
}

function Lines({ lines, sought }: { lines: LogLineOut[]; sought: number | null }) {
	const frame = useRef<HTMLDivElement>(null);
	const following = useRef(true);
	const rows = useVirtualizer({
		count: lines.length,
		getScrollElement: () => frame.current,
		estimateSize: () => 20,
		overscan: 12,
		getItemKey: (index) => lines[index]?.seq ?? index,
	});
	// biome-ignore lint/correctness/useExhaustiveDependencies: runs when lines are added
	useEffect(() => {
		if (following.current && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: "end" });
	}, [lines.length]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: runs when a line is sought
	useEffect(() => {
		const index = lines.findIndex(({ seq }) => seq === sought);
		if (index < 0) return;
		following.current = false;
		rows.scrollToIndex(index, { align: "center" });
	}, [sought]);
	return (
		<section
			ref={frame}
			className={classes.frame}
			aria-label="Log lines"
			// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
			tabIndex={0}
			onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
				following.current = scrollHeight - scrollTop - clientHeight < 30;
			}}
		>
			<div style={{ height: rows.getTotalSize(), position: "relative" }}>
				{rows.getVirtualItems().map(({ index, key, start }) => {
					const line = lines[index];
					if (!line) return null;
					return (
						<div
							key={key}
							ref={rows.measureElement}
							data-index={index}
							data-level={line.level}
							data-sought={line.seq === sought || undefined}
							data-skipped={"skipped" in line.facts || undefined}
							className={classes.line}
							style={{ transform: `translateY(${start}px)` }}
						>
							<time dateTime={line.at}>{time.format(new Date(line.at))}</time>
							<span>
								{line.text}
								{Object.entries(line.facts).map(([name, value]) => (
									<span key={name} className={classes.fact}>
										{" "}
										{name}={typeof value === "string" ? value : JSON.stringify(value)}
									</span>
								))}
							</span>
						</div>
					);
				})}
			</div>
		</section>
	);
}
