import {
	ActionIcon,
	Button,
	Center,
	CloseButton,
	Group,
	Menu,
	Pill,
	Select,
	Stack,
	Text,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ArrowUp, Download, Ellipsis, History, Pause, Play, ScrollText } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { failed } from "@/api/problems";
import { useCan, useSession } from "@/api/session";
import { Filters, Words } from "@/shared/Filters";
import { useKeys, useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { plural } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Histogram } from "./Histogram";
import { LineList } from "./LineList";
import classes from "./Logs.module.css";
import { useCounts, useLines } from "./queries";
import { SearchMenu } from "./SearchMenu";
import {
	emptySearch,
	FIELDS,
	type Field,
	filtersOf,
	isNarrowed,
	LEVELS,
	type LogsSearch,
	windowOf,
} from "./search";
import { TimeMenu } from "./TimeMenu";
import { useTail, type Way } from "./useTail";

const LinePanel = later(async () => (await import("./LinePanel")).LinePanel);
const KeepPanel = later(async () => (await import("./KeepPanel")).KeepPanel);

const WAYS: Record<Way, string> = {
	stream: "New lines appear at the top as they are written.",
	asking: "The stream does not pass at the moment: new lines are asked for every two seconds.",
	broken: "The server cannot be reached at the moment; it is tried again.",
};

type Props = { search: LogsSearch; onSearch: (change: LogsSearch) => void };

export function LogsPage(props: Props) {
	const admin = useCan("admin");
	const { operator } = useSession().user;
	const allowed = props.search.scope === "installation" ? operator : admin;
	if (allowed) return <Logs {...props} />;
	return (
		<Page title="Logs" about="What happened, line by line">
			<Empty
				icon={ScrollText}
				title="For administrators"
				action={
					operator && (
						<Button onClick={() => props.onSearch({ ...emptySearch(), scope: "installation" })}>
							Read the installation's log
						</Button>
					)
				}
			>
				An organization's log is read by its administrators, the installation's by those who run it.
			</Empty>
		</Page>
	);
}

function Logs({ search, onSearch }: Props) {
	const { operator } = useSession().user;
	const admin = useCan("admin");
	const [paused, setPaused] = useState(false);
	const [keeping, keep] = useDisclosure();
	const away = useScrolledDown();
	const live = search.live === "on" && !search.since;
	const lines = useLines(search);
	const counts = useCounts(search);
	const tail = useTail(search, paused || away || search.line !== undefined);
	const older = useMemo(() => lines.data?.pages.flatMap(({ items }) => items) ?? [], [lines.data]);
	const shown = useMemo(() => joined(tail.lines, older), [tail.lines, older]);
	const follow = () => {
		setPaused(false);
		onSearch({ live: live ? undefined : "on", since: undefined, until: undefined });
	};
	const open = (line: string | undefined) => onSearch({ line });
	useNeighbourKeys(
		shown.map(({ id }) => id),
		search.line,
		open,
	);
	useKeys({ l: follow, L: follow });
	const filters = filtersOf(search);
	return (
		<Page
			title="Logs"
			about="What happened, line by line"
			actions={
				<>
					<Button
						variant={live ? "light" : "default"}
						aria-pressed={live}
						leftSection={live ? <Pause size={15} /> : <Play size={15} />}
						onClick={follow}
					>
						{live ? "Live" : "Follow"}
					</Button>
					<SearchMenu search={search} onSearch={onSearch} />
					<Menu position="bottom-end" shadow="md">
						<Menu.Target>
							<ActionIcon variant="default" size={36} aria-label="More">
								<Ellipsis size={17} />
							</ActionIcon>
						</Menu.Target>
						<Menu.Dropdown>
							<Menu.Item
								component="a"
								href={`/api/logs/export.ndjson?${new URLSearchParams({ ...filters, ...windowOf(search) } as Record<string, string>)}`}
								download
								leftSection={<Download size={15} />}
							>
								Download what is found
							</Menu.Item>
							{admin && (
								<Menu.Item leftSection={<History size={15} />} onClick={keep.open}>
									How long lines are kept
								</Menu.Item>
							)}
						</Menu.Dropdown>
					</Menu>
				</>
			}
		>
			<Filters>
				<Words
					label="Words"
					placeholder="Words in the text, the facts or the traceback"
					value={search.q}
					onFind={(q) => onSearch({ q, line: undefined })}
				/>
				<TimeMenu search={search} onChoose={(change) => onSearch({ ...change, line: undefined })} />
				<Select
					aria-label="Level"
					placeholder="Any level"
					clearable
					value={search.level ?? null}
					onChange={(level) => onSearch({ level: (level as LogsSearch["level"]) ?? undefined })}
					data={LEVELS}
				/>
				<Select
					aria-label="Process"
					placeholder="Any process"
					clearable
					value={search.process ?? null}
					onChange={(process) => onSearch({ process: (process as LogsSearch["process"]) ?? undefined })}
					data={[
						{ value: "web", label: "Web server" },
						{ value: "worker", label: "Workers" },
						{ value: "cli", label: "Command line" },
					]}
				/>
				{operator && (
					<Select
						aria-label="Whose log"
						allowDeselect={false}
						value={search.scope ?? "organization"}
						onChange={(scope) =>
							onSearch({ scope: scope === "installation" ? "installation" : undefined, line: undefined })
						}
						data={[
							{ value: "organization", label: "Organization" },
							{ value: "installation", label: "Installation" },
						]}
					/>
				)}
			</Filters>
			<Chips search={search} onSearch={onSearch} />
			{counts.data && (
				<Histogram
					counted={counts.data}
					onZoom={(since, until) => onSearch({ since, until, span: undefined, live: undefined })}
				/>
			)}
			{live && (
				<Group gap="sm" aria-live="polite">
					<Button
						size="compact-sm"
						variant="default"
						onClick={() => setPaused(!paused)}
						aria-pressed={paused}
					>
						{paused ? "Go on" : "Pause"}
					</Button>
					<Text size="sm" c="dimmed">
						{WAYS[tail.way]}
					</Text>
					{tail.skipped > 0 && (
						<Text size="sm" fw={550}>
							{plural(tail.skipped, "line")} skipped: narrow the search to see each.
						</Text>
					)}
				</Group>
			)}
			{tail.held > 0 && (
				<div className={classes.fresh}>
					<Button
						size="compact-md"
						radius="xl"
						leftSection={<ArrowUp size={14} />}
						onClick={() => {
							setPaused(false);
							tail.release();
							window.scrollTo({ top: 0 });
						}}
					>
						{plural(tail.held, "new line")}
					</Button>
				</div>
			)}
			{lines.isPending ? (
				<LoadingRows what="log lines" />
			) : failed(lines) ? (
				<ProblemPanel error={lines.error} retry={lines.refetch} />
			) : shown.length === 0 ? (
				<Nothing search={search} onSearch={onSearch} />
			) : (
				<Stack gap="md">
					<LineList lines={shown} open={search.line} onOpen={open} />
					{lines.hasNextPage && (
						<Center>
							<Button
								variant="subtle"
								color="gray"
								loading={lines.isFetchingNextPage}
								onClick={() => lines.fetchNextPage()}
							>
								Show older
							</Button>
						</Center>
					)}
				</Stack>
			)}
			{search.line && (
				<LinePanel
					id={search.line}
					scope={search.scope}
					onClose={() => open(undefined)}
					onNarrow={(change) => onSearch({ ...change, line: undefined })}
				/>
			)}
			{keeping && <KeepPanel onClose={keep.close} />}
		</Page>
	);
}

/** What the search is narrowed to besides words and level; each can be taken off. */
function Chips({ search, onSearch }: Props) {
	const on = (Object.keys(FIELDS) as Field[]).filter((name) => search[name]);
	if (on.length === 0) return null;
	return (
		<ul
			className={classes.chips}
			style={{ margin: 0, padding: 0, listStyle: "none" }}
			aria-label="Narrowed to"
		>
			{on.map((name) => (
				<li key={name}>
					<Pill size="md" style={{ paddingInlineEnd: 2 }}>
						<Group gap={6} wrap="nowrap">
							{FIELDS[name]} {search[name]}
							<CloseButton
								size="xs"
								aria-label={`Not only this ${FIELDS[name].toLowerCase()}`}
								onClick={() => onSearch({ [name]: undefined })}
							/>
						</Group>
					</Pill>
				</li>
			))}
		</ul>
	);
}

function Nothing({ search, onSearch }: Props) {
	const wide = search.span === "31d";
	return (
		<Empty
			icon={ScrollText}
			title={isNarrowed(search) ? "No line is like that in this time" : "Nothing was said in this time"}
			action={
				!wide && (
					<Button onClick={() => onSearch({ span: "31d", since: undefined, until: undefined })}>
						Search the last 31 days
					</Button>
				)
			}
		>
			What the web server and the workers do for you is written down here: requests, runs, fetches and
			failures.
		</Empty>
	);
}

function joined<Line extends { id: string }>(fresh: Line[], older: Line[]): Line[] {
	if (fresh.length === 0) return older;
	const seen = new Set(fresh.map(({ id }) => id));
	return [...fresh, ...older.filter(({ id }) => !seen.has(id))].sort((one, other) =>
		one.id < other.id ? 1 : -1,
	);
}

/** Whoever has scrolled down reads: new lines above would push the text away. */
function useScrolledDown(): boolean {
	const [down, setDown] = useState(false);
	useEffect(() => {
		const look = () => setDown(window.scrollY > 240);
		window.addEventListener("scroll", look, { passive: true });
		return () => window.removeEventListener("scroll", look);
	}, []);
	return down;
}
