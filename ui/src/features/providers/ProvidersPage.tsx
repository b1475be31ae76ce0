import { SimpleGrid, Stack, Text } from "@mantine/core";
import { PlugZap, ShieldAlert } from "lucide-react";
import type { BreakerOut, ProviderOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useSession } from "@/api/session";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { count } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { StatTile } from "@/shared/StatTile";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { useBreakers, useProviders } from "./queries";
import { ServiceState } from "./ServiceState";
import { TryNow } from "./TryNow";
import { Waiting } from "./Waiting";
import { callsText, nameOf, nextTry } from "./words";

const ServicePanel = later(async () => (await import("./ServicePanel")).ServicePanel);

export type ProvidersSearch = { breaker?: string };
type Props = { search: ProvidersSearch; onSearch: (change: ProvidersSearch) => void };

/** The outside services, whether they are called, why not, and until when. */
export function ProvidersPage({ search, onSearch }: Props) {
	const { operator } = useSession().user;
	return (
		<Page title="Providers" about="The outside services that are asked, and how they answer">
			{operator ? (
				<Services open={search.breaker} onOpen={(breaker) => onSearch({ breaker } as ProvidersSearch)} />
			) : (
				<Empty icon={ShieldAlert} title="Only for the people who run this installation">
					Ask whoever set up brandhound on this machine. What waits for a provider is listed under Jobs.
				</Empty>
			)}
		</Page>
	);
}

type ServicesProps = { open: string | undefined; onOpen: (id: string | undefined) => void };

function Services({ open, onOpen }: ServicesProps) {
	const breakers = useBreakers(true);
	const providers = useProviders(true);
	const rows = breakers.data ?? [];
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	if (breakers.isPending || providers.isPending) return <LoadingRows what="providers" />;
	if (failed(breakers)) return <ProblemPanel error={breakers.error} retry={breakers.refetch} />;
	if (failed(providers)) return <ProblemPanel error={providers.error} retry={providers.refetch} />;
	const of = new Map(providers.data.map((provider) => [provider.provider, provider]));
	const shown = rows.find(({ id }) => id === open);
	return (
		<Stack gap="md">
			{rows.length === 0 ? (
				<Empty icon={PlugZap} title="No outside service was called yet">
					Models, search and mail appear here with their first call. The sentence model that comes with
					brandhound runs on this machine and needs nobody.
				</Empty>
			) : (
				<>
					<Figures providers={providers.data} rows={rows} />
					<DataTable
						label="Services"
						rows={rows}
						columns={columns(onOpen, of)}
						id={({ id }) => id}
						open={open}
						onOpen={onOpen}
					/>
				</>
			)}
			{open && (
				<ServicePanel
					key={open}
					breaker={shown}
					provider={shown && of.get(shown.provider)}
					onClose={() => onOpen(undefined)}
				/>
			)}
		</Stack>
	);
}

function Figures({ providers, rows }: { providers: ProviderOut[]; rows: BreakerOut[] }) {
	const sum = (each: (provider: ProviderOut) => number) =>
		providers.reduce((total, provider) => total + each(provider), 0);
	const calls = sum(({ calls_last_minute }) => calls_last_minute);
	const failures = sum(({ failures_last_minute }) => failures_last_minute);
	return (
		<SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
			<StatTile
				label="Left alone"
				value={`${count(rows.filter(({ state }) => state !== "closed").length)} of ${count(rows.length)}`}
			/>
			<StatTile label="Runs that wait" value={count(sum(({ parked }) => parked))} />
			<StatTile
				label="Calls in a minute"
				value={count(calls)}
				about={failures > 0 && `${count(failures)} failed`}
			/>
			<StatTile
				label="Calls made again"
				value={count(sum(({ budget }) => budget.retries))}
				about={`of ${count(sum(({ budget }) => budget.allowed))} allowed`}
			/>
		</SimpleGrid>
	);
}

function columns(onOpen: (id: string) => void, of: Map<string, ProviderOut>): Column<BreakerOut>[] {
	return [
		{
			key: "service",
			title: "Service",
			render: (breaker) => (
				<>
					<RowName onClick={() => onOpen(breaker.id)}>{breaker.title}</RowName>
					<Text size="xs" c="dimmed" lineClamp={1}>
						{nameOf(breaker)}
					</Text>
					{breaker.reason && (
						<Text size="xs" lineClamp={2} className="sentence">
							{breaker.reason}
						</Text>
					)}
				</>
			),
		},
		{ key: "state", title: "State", fit: true, render: ({ state }) => <ServiceState state={state} /> },
		{
			key: "calls",
			title: "Last minute",
			fit: true,
			align: "right",
			from: "wide",
			render: ({ calls_last_minute: calls, failures_last_minute: failures }) =>
				callsText({ calls, failures }),
		},
		{
			key: "waiting",
			title: "Waiting",
			fit: true,
			from: "wide",
			render: ({ provider }) => {
				const found = of.get(provider);
				return found ? <Waiting provider={found} /> : null;
			},
		},
		{ key: "next", title: "Next try", fit: true, from: "medium", render: (breaker) => nextTry(breaker) },
		{
			key: "try",
			title: "",
			fit: true,
			align: "right",
			from: "medium",
			render: (breaker) => <TryNow breaker={breaker} size="xs" />,
		},
	];
}
