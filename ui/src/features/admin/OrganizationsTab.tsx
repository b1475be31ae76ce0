import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { Building2, RotateCw } from "lucide-react";
import type { SizedOrganization, SizeOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { count } from "@/shared/numbers";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { Empty, LoadingPanel, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, day, duration } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { bytes } from "./figures";
import { QueueTable } from "./QueuesTab";
import { useMeasure, useOrganization, useOrganizations } from "./queries";

type Props = { open: string | undefined; onOpen: (id: string | undefined) => void };

/** What each organization keeps, and what it has running. */
export function OrganizationsTab({ open, onOpen }: Props) {
	const organizations = useOrganizations();
	const measure = useMeasure();
	const items = organizations.data ?? [];
	useNeighbourKeys(
		items.map(({ organization_id }) => organization_id),
		open,
		onOpen,
	);
	if (organizations.isPending) return <LoadingRows what="organizations" />;
	if (failed(organizations))
		return <ProblemPanel error={organizations.error} retry={organizations.refetch} />;
	if (items.length === 0) {
		return (
			<Empty icon={Building2} title="There is no organization yet">
				The first is made when the installation is set up.
			</Empty>
		);
	}
	const measured = items.find(({ size }) => size)?.size?.measured_at;
	return (
		<Stack gap="md">
			<Group justify="space-between" gap="sm">
				<Text size="sm" c="dimmed">
					{measured ? (
						<>
							Counted <Ago at={measured} />, once a day. Sizes are estimates.
						</>
					) : (
						"Sizes are counted once a day by a worker, the first time soon after it starts."
					)}
				</Text>
				<Button
					variant="default"
					leftSection={<RotateCw size={15} />}
					loading={measure.isPending}
					onClick={() =>
						measure.mutate(
							{},
							{
								onSuccess: () => say("It is being counted: the figures are here in a moment"),
								onError: (error) => complain(sentence(error)),
							},
						)
					}
				>
					Count now
				</Button>
			</Group>
			<DataTable
				label="Organizations"
				rows={items}
				columns={columns(onOpen)}
				id={({ organization_id }) => organization_id}
				open={open}
				onOpen={onOpen}
			/>
			{open && <OrganizationPanel id={open} onClose={() => onOpen(undefined)} />}
		</Stack>
	);
}

const whole = (size: SizeOut) =>
	size.mentions_bytes + size.articles_bytes + size.files_bytes + size.log_bytes;

function columns(onOpen: (id: string) => void): Column<SizedOrganization>[] {
	const sized = (
		key: string,
		title: string,
		from: "medium" | "wide" | undefined,
		of: (size: SizeOut) => string,
	): Column<SizedOrganization> => ({
		key,
		title,
		align: "right",
		fit: true,
		...(from && { from }),
		render: ({ size }) => (size ? of(size) : "–"),
	});
	return [
		{
			key: "name",
			title: "Organization",
			render: ({ organization_id, name }) => (
				<RowName onClick={() => onOpen(organization_id)}>{name}</RowName>
			),
		},
		sized("whole", "In all", undefined, (size) => bytes(whole(size))),
		{
			key: "grown",
			title: "Grown",
			align: "right",
			fit: true,
			from: "wide",
			render: ({ size, before }) =>
				size && before ? `${bytes(whole(size) - whole(before))} since ${day(before.on_date)}` : "–",
		},
		sized("mentions", "Mentions", "medium", (size) => count(size.mentions)),
		sized("articles", "Articles", "wide", (size) => count(size.articles)),
		sized("files", "Files", "wide", (size) => bytes(size.files_bytes)),
		sized("logs", "Log lines", "medium", (size) => count(size.log_lines)),
		{
			key: "waiting",
			title: "Waiting",
			align: "right",
			fit: true,
			from: "medium",
			render: ({ load }) => count(load?.queued ?? 0),
		},
		{
			key: "running",
			title: "Running",
			align: "right",
			fit: true,
			from: "medium",
			render: ({ load }) => count(load?.running ?? 0),
		},
	];
}

function OrganizationPanel({ id, onClose }: { id: string; onClose: () => void }) {
	const organization = useOrganization(id);
	if (organization.isPending) {
		return (
			<SlideOver title="Organization" onClose={onClose}>
				<LoadingPanel what="the organization" />
			</SlideOver>
		);
	}
	if (failed(organization)) {
		return (
			<SlideOver title="Organization" onClose={onClose}>
				<ProblemPanel error={organization.error} retry={organization.refetch} />
			</SlideOver>
		);
	}
	const { name, created_at, size, before, load, queues } = organization.data;
	return (
		<SlideOver title={name} about={`Since ${day(created_at)}`} onClose={onClose}>
			<PanelBody>
				<Stack gap="lg">
					<section aria-labelledby="kept">
						<Title order={3} size="h6" mb="xs" id="kept">
							What it keeps
						</Title>
						{size ? (
							<Kept size={size} before={before} />
						) : (
							<Text size="sm" c="dimmed">
								Not counted yet.
							</Text>
						)}
					</section>
					<section aria-labelledby="queues">
						<Title order={3} size="h6" mb="xs" id="queues">
							Its runs by queue
						</Title>
						<QueueTable label="Its part of each queue" queues={queues} />
						{load && (
							<Text size="sm" c="dimmed" mt="xs">
								In the last hour {count(load.ended)} ended, of which {count(load.failed)} failed
								{load.wait_p95 !== null && `; 95 of 100 had waited at most ${duration(load.wait_p95)}`}.
							</Text>
						)}
					</section>
				</Stack>
			</PanelBody>
		</SlideOver>
	);
}

type Kind = {
	title: string;
	rows: (size: SizeOut) => number;
	bytes: (size: SizeOut) => number;
	about?: string;
};

const KINDS: Kind[] = [
	{ title: "Mentions", rows: (size) => size.mentions, bytes: (size) => size.mentions_bytes },
	{ title: "Articles", rows: (size) => size.articles, bytes: (size) => size.articles_bytes },
	{ title: "Bodies and texts", rows: (size) => size.files, bytes: (size) => size.files_bytes },
	{ title: "Log lines", rows: (size) => size.log_lines, bytes: (size) => size.log_bytes },
];

function Kept({ size, before }: { size: SizeOut; before: SizeOut | null }) {
	const grown: Column<Kind>[] = before
		? [
				{
					key: "grown",
					title: `Since ${day(before.on_date)}`,
					align: "right",
					fit: true,
					render: ({ bytes: of }) => bytes(of(size) - of(before)),
				},
			]
		: [];
	return (
		<>
			<DataTable
				label="What it keeps"
				rows={KINDS}
				id={({ title }) => title}
				columns={[
					{ key: "title", title: "What", render: ({ title }) => title },
					{
						key: "rows",
						title: "Number",
						align: "right",
						fit: true,
						render: ({ rows }) => count(rows(size)),
					},
					{
						key: "bytes",
						title: "Size",
						align: "right",
						fit: true,
						render: ({ bytes: of }) => bytes(of(size)),
					},
					...grown,
				]}
			/>
			<Text size="xs" c="dimmed" mt="xs">
				Articles, and their bodies and texts, are there once for all organizations that have mentions in them.
				Counted <Ago at={size.measured_at} />.
			</Text>
		</>
	);
}
