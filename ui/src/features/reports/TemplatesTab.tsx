import { Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { LayoutTemplate } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { TemplateSummary } from "@/api/generated/types.gen";
import { failed, onItsWay } from "@/api/problems";
import { useCan } from "@/api/session";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { count, plural } from "@/shared/numbers";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import type { Block } from "./blocks";
import { LooksCard } from "./LooksCard";
import { TemplatePreview } from "./TemplatePreview";
import classes from "./Templates.module.css";
import { useBranding, useTemplates } from "./templates";

const LooksPanel = later(async () => (await import("./LooksPanel")).LooksPanel);
const TemplatePanel = later(async () => (await import("./TemplatePanel")).TemplatePanel);

type Props = {
	open: string | undefined;
	onOpen: (id: string | undefined) => void;
	add: ReactNode;
};

/** What reports are made of, and how they look. While one is open, the page beside its panel shows what it makes. */
export function TemplatesTab({ open, onOpen, add }: Props) {
	const templates = useTemplates();
	const branding = useBranding();
	const [draft, setDraft] = useState<Block[]>();
	const beside = useMediaQuery("(min-width: 75em)", window.matchMedia("(min-width: 75em)").matches);
	const may = useCan("analyst");
	const rows = templates.data ?? [];
	const editing = open !== undefined && open !== "looks";
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	const close = () => {
		setDraft(undefined);
		onOpen(undefined);
	};
	return (
		<>
			{editing && beside ? (
				<TemplatePreview blocks={draft} />
			) : templates.isPending || onItsWay(branding) ? (
				<LoadingRows what="templates" rows={4} />
			) : failed(templates) ? (
				<ProblemPanel error={templates.error} retry={templates.refetch} />
			) : (
				<div className={classes.tab}>
					<LooksCard onOpen={() => onOpen("looks")} />
					{rows.length === 0 ? (
						<Empty
							icon={LayoutTemplate}
							title="Reports are made by the standard template"
							action={may && add}
						>
							Make one of your own: put blocks in your order, add your words, choose which mentions and
							stories are told. The standard one stays as it is.
						</Empty>
					) : (
						<DataTable
							label="Templates"
							rows={rows}
							columns={columns(onOpen)}
							id={({ id }) => id}
							open={open}
							onOpen={onOpen}
						/>
					)}
				</div>
			)}
			{open === "looks" && <LooksPanel onClose={close} />}
			{editing && (
				<TemplatePanel
					key={open}
					id={open}
					onClose={close}
					onDraft={setDraft}
					preview={beside ? undefined : <TemplatePreview blocks={draft} />}
				/>
			)}
		</>
	);
}

function columns(onOpen: (id: string) => void): Column<TemplateSummary>[] {
	return [
		{
			key: "name",
			title: "Template",
			render: ({ id, name, updated_at }) => (
				<>
					<RowName onClick={() => onOpen(id)}>{name}</RowName>
					<Text size="xs" c="dimmed" component="div">
						saved <Ago at={updated_at} />
					</Text>
				</>
			),
		},
		{
			key: "version",
			title: "Version",
			fit: true,
			align: "right",
			render: ({ version }) => <span className="numeric">{version}</span>,
		},
		{
			key: "reports",
			title: "Reports",
			fit: true,
			align: "right",
			from: "medium",
			render: ({ reports }) => <span className="numeric">{count(reports)}</span>,
		},
		{
			key: "schedules",
			title: "Leaves by itself",
			fit: true,
			from: "wide",
			render: ({ schedules }) => (schedules ? plural(schedules, "schedule") : "–"),
		},
	];
}
