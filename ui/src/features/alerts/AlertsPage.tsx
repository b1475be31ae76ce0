import { Badge, Button, Text } from "@mantine/core";
import { BellRing, Plus } from "lucide-react";
import type { AlertOut, BrandOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { BrandChip } from "@/shared/BrandChip";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { plural } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { useBrands } from "../brands/queries";
import { useAlerts } from "./queries";
import { wishInWords } from "./words";

const AlertPanel = later(async () => (await import("./AlertPanel")).AlertPanel);

type Props = { open: string | undefined; onOpen: (id: string | undefined) => void };

export function AlertsPage({ open, onOpen }: Props) {
	const alerts = useAlerts();
	const brands = useBrands();
	const may = useCan("analyst");
	const rows = alerts.data?.items ?? [];
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	const add = (
		<Button leftSection={<Plus size={16} />} onClick={() => onOpen("new")}>
			New alert
		</Button>
	);
	return (
		<Page
			title="Alerts"
			about="What you are told of by itself, tried on the past before it is switched on"
			actions={may && (rows.length > 0 || !alerts.isSuccess) && add}
		>
			{alerts.isPending ? (
				<LoadingRows what="alerts" />
			) : failed(alerts) ? (
				<ProblemPanel error={alerts.error} retry={alerts.refetch} />
			) : rows.length === 0 ? (
				<Empty icon={BellRing} title="No alerts yet" action={may && add}>
					Be told when a brand is in far more stories than is usual at that hour of the week, or in hardly
					any. You see how often an alert would have rung in the last 90 days before you switch it on.
				</Empty>
			) : (
				<DataTable
					label="Alerts"
					rows={rows}
					columns={columns(onOpen, brands.data?.items ?? [])}
					id={({ id }) => id}
					open={open}
					onOpen={onOpen}
				/>
			)}
			{open && <AlertPanel key={open} id={open} onClose={() => onOpen(undefined)} />}
		</Page>
	);
}

function columns(onOpen: (id: string) => void, brands: BrandOut[]): Column<AlertOut>[] {
	return [
		{
			key: "title",
			title: "Alert",
			render: (alert) => (
				<div>
					<RowName onClick={() => onOpen(alert.id)}>{alert.title}</RowName>
					<Text size="xs" c="dimmed" lineClamp={1}>
						{wishInWords(alert)}
					</Text>
				</div>
			),
		},
		{
			key: "brand",
			title: "Brand",
			from: "wide",
			fit: true,
			render: ({ brand_id }) => {
				const brand = brands.find(({ id }) => id === brand_id);
				return brand ? <BrandChip name={brand.name} color={brand.color} kind={brand.kind} /> : "–";
			},
		},
		{
			key: "state",
			title: "State",
			fit: true,
			render: ({ enabled, is_open }) =>
				!enabled ? (
					<Badge color="gray">Off</Badge>
				) : is_open ? (
					<Badge color="orange">Ringing</Badge>
				) : (
					<Badge color="teal">Calm</Badge>
				),
		},
		{
			key: "incidents",
			title: "Told you",
			from: "wide",
			fit: true,
			// What it would have told before it was there says its panel.
			render: ({ incidents = 0, last_incident_at, created_at }) => (
				<>
					{incidents > 0 ? `${plural(incidents, "time")} in 90 days` : "Not yet"}
					<Text size="xs" c="dimmed">
						{last_incident_at ? "last " : "made "}
						<Ago at={last_incident_at ?? created_at} />
					</Text>
				</>
			),
		},
	];
}
