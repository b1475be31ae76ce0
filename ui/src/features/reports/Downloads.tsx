import { Button, Loader, Menu } from "@mantine/core";
import { ChevronDown, FileDown, FileSpreadsheet, FileText, Globe, Presentation } from "lucide-react";
import type { ReactNode } from "react";
import type { FileOut, ReportDocument } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { complain, say } from "@/shared/undo";
import { useFiles, useMakeFile } from "./leaving";

/** More rows than this are written by a run, as the server says. */
const MOST_AT_ONCE = 100_000;

/** What is downloaded here is opened by hand: the mark at its start tells Excel that it is UTF-8. */
const BY_HAND = "?bom=true";

type Form = FileOut["form"];
type Item = { form: Form | "html"; label: string; icon: ReactNode; rows?: boolean };

const ITEMS: Item[] = [
	{ form: "pdf", label: "PDF", icon: <FileText size={15} /> },
	{ form: "pptx", label: "Slides (PowerPoint)", icon: <Presentation size={15} /> },
	{ form: "xlsx", label: "Excel workbook", icon: <FileSpreadsheet size={15} />, rows: true },
	{ form: "csv", label: "CSV", icon: <FileSpreadsheet size={15} />, rows: true },
	{ form: "ndjson", label: "NDJSON, a mention a line", icon: <FileText size={15} />, rows: true },
	{ form: "html", label: "Web page", icon: <Globe size={15} /> },
	{ form: "json", label: "JSON", icon: <FileText size={15} /> },
];

export function Downloads({ report, document }: { report: string; document: ReportDocument }) {
	const rows = document.volume.series.reduce(
		(all, { mentions }) => all + mentions.reduce((a, b) => a + b, 0),
		0,
	);
	return (
		<Menu position="bottom-end" shadow="md">
			<Menu.Target>
				<Button leftSection={<FileDown size={16} />} rightSection={<ChevronDown size={14} />}>
					Download
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				{ITEMS.map((item) =>
					item.rows && rows > MOST_AT_ONCE ? (
						<Big key={item.form} report={report} item={item} form={item.form as Form} />
					) : (
						<Menu.Item
							key={item.form}
							component="a"
							href={`/api/reports/${report}/export.${item.form}${item.form === "csv" ? BY_HAND : ""}`}
							download
							leftSection={item.icon}
						>
							{item.label}
						</Menu.Item>
					),
				)}
			</Menu.Dropdown>
		</Menu>
	);
}

/** Made by a run first, because there are so many rows. */
function Big({ report, item, form }: { report: string; item: Item; form: Form }) {
	const files = useFiles(report);
	const make = useMakeFile();
	const file = files.data?.find((one) => one.form === form);
	if (file?.state === "ready") {
		return (
			<Menu.Item component="a" href={`/api/reports/${report}/files/${form}`} download leftSection={item.icon}>
				{item.label}, {Math.max(1, Math.round((file.size ?? 0) / 1_000_000))} MB
			</Menu.Item>
		);
	}
	const making = make.isPending || file?.state === "making";
	const again = file?.state === "failed" ? " again: its run ended without it" : "";
	return (
		<Menu.Item
			closeMenuOnClick={false}
			disabled={making}
			leftSection={making ? <Loader size={14} /> : item.icon}
			onClick={() =>
				make.mutate(
					{ path: { report_id: report }, body: { form } },
					{
						onSuccess: () => say("It is being written. The bell says when it can be downloaded here"),
						onError: (error) => complain(sentence(error)),
					},
				)
			}
		>
			{making ? `${item.label}: being written` : `Make ${item.label}${again}`}
		</Menu.Item>
	);
}
