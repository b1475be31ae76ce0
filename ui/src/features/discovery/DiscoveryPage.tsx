import { Button, Tabs, Text } from "@mantine/core";
import { RotateCw, Telescope } from "lucide-react";
import { useRef } from "react";
import type { BrandOut, CandidateOut, LookOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { BrandChip } from "@/shared/BrandChip";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useKeys, useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { plural, sureness } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { TabCount, TabLine } from "@/shared/TabLine";
import { Ago } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { useBrands } from "../brands/queries";
import { useCandidates, useLook } from "./queries";
import { type CandidateState, STATES } from "./search";
import { useDeciding } from "./useDeciding";

const CandidatePanel = later(async () => (await import("./CandidatePanel")).CandidatePanel);

type Props = {
	open: string | undefined;
	onOpen: (id: string | undefined) => void;
	state: CandidateState;
	onState: (state: CandidateState) => void;
};

export function DiscoveryPage({ open, onOpen, state, onState }: Props) {
	const candidates = useCandidates(state);
	const brands = useBrands();
	const may = useCan("analyst");
	const rows = candidates.data?.items ?? [];
	const latest = useRef(rows);
	latest.current = rows;
	// Deciding leads on to the next one, so that a queue is worked off without a mouse.
	const deciding = useDeciding((id) => {
		const at = latest.current.findIndex((row) => row.id === id);
		onOpen((latest.current[at + 1] ?? latest.current[at - 1])?.id);
	});
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	useKeys(may ? { u: deciding.undo } : {});
	const look = <LookAgain />;
	const last = candidates.data?.last_look;
	return (
		<Page
			title="Discovery"
			about={<About last={last} loading={candidates.isPending} />}
			actions={may && (candidates.isPending || rows.length > 0 || last) && look}
		>
			<Tabs value={state} onChange={(value) => onState(value as CandidateState)}>
				<TabLine open={state}>
					{STATES.map(({ value, label }) => (
						<Tabs.Tab key={value} value={value}>
							{label}
							<TabCount of={candidates.data?.counts[value]} />
						</Tabs.Tab>
					))}
				</TabLine>
			</Tabs>
			{candidates.isPending ? (
				<LoadingRows what="names" />
			) : failed(candidates) ? (
				<ProblemPanel error={candidates.error} retry={candidates.refetch} />
			) : rows.length === 0 ? (
				<Nothing state={state} last={last} action={may && look} />
			) : (
				<DataTable
					label="Names that may be brands"
					rows={rows}
					columns={columns(onOpen, brands.data?.items ?? [])}
					id={({ id }) => id}
					open={open}
					onOpen={onOpen}
				/>
			)}
			{open && (
				<CandidatePanel
					key={open}
					id={open}
					brands={brands.data?.items ?? []}
					deciding={deciding}
					onClose={() => onOpen(undefined)}
				/>
			)}
		</Page>
	);
}

function About({ last, loading }: { last: LookOut | null | undefined; loading: boolean }) {
	return (
		<>
			Brands in your articles that nobody watches yet
			{/* As long as the words will be: on a phone they take a second line. */}
			{loading && <span style={{ visibility: "hidden" }}>; last looked through 0 articles an hour ago</span>}
			{last && (
				<>
					; last looked through {plural(last.articles, "article")} <Ago at={last.looked_at} />
				</>
			)}
		</>
	);
}

function LookAgain() {
	const look = useLook();
	return (
		<Button
			variant="default"
			leftSection={<RotateCw size={15} />}
			loading={look.isPending}
			onClick={() =>
				look.mutate(
					{},
					{
						onSuccess: () => say("Looking through the articles of 30 days; what is found comes by itself"),
						onError: (error) => complain(sentence(error)),
					},
				)
			}
		>
			Look now
		</Button>
	);
}

function Nothing({
	state,
	last,
	action,
}: {
	state: CandidateState;
	last: LookOut | null | undefined;
	action: React.ReactNode;
}) {
	if (state !== "proposed") {
		return (
			<Empty icon={Telescope} title="None so far">
				Names that you decide on are kept here, and are never proposed again.
			</Empty>
		);
	}
	if (!last || last.articles === 0) {
		return (
			<Empty icon={Telescope} title="Nothing looked through yet" action={action}>
				Once a day the articles of the last 30 days are searched for brands that nobody watches: a name is
				proposed when it stands in three places of at least two sites.
			</Empty>
		);
	}
	return (
		<Empty icon={Telescope} title="Nothing to decide" action={action}>
			{plural(last.names, "name")} stood often enough in {plural(last.articles, "article")}; none of them is
			likely enough to be a brand that is new to you.
		</Empty>
	);
}

function columns(onOpen: (id: string) => void, brands: BrandOut[]): Column<CandidateOut>[] {
	return [
		{
			key: "name",
			title: "Name",
			render: ({ id, name, mentions, sources }) => (
				<div>
					<RowName onClick={() => onOpen(id)}>{name}</RowName>
					<Text size="xs" c="dimmed" lineClamp={1}>
						{plural(mentions, "place")} on {plural(sources, "site")}
					</Text>
				</div>
			),
		},
		{ key: "score", title: "A brand", align: "right", fit: true, render: ({ score }) => sureness(score) },
		{
			key: "beside",
			title: "Beside",
			from: "wide",
			render: ({ beside }) => {
				const found = beside.flatMap(({ brand_id }) => brands.find(({ id }) => id === brand_id) ?? []);
				return found.length === 0
					? "–"
					: found.slice(0, 2).map(({ id, name, color }) => <BrandChip key={id} name={name} color={color} />);
			},
		},
		{
			key: "seen",
			title: "Last seen",
			from: "medium",
			fit: true,
			render: ({ last_seen_at }) => <Ago at={last_seen_at} />,
		},
	];
}
