import { Badge, Button, Skeleton, Text } from "@mantine/core";
import { Plus, Tag } from "lucide-react";
import type { BrandOut, SectorOut, Voices } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { categoryInWords } from "@/shared/categories";
import { type Column, DataTable, Narrow, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { percent, plural } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import classes from "./Brands.module.css";
import { DayBars } from "./DayBars";
import { KINDS } from "./kinds";
import { useBrands, useCategories, useVoices } from "./queries";
import { SameBrands } from "./SameBrands";
import type { BrandTab } from "./search";

const BrandPanel = later(async () => (await import("./BrandPanel")).BrandPanel);

type Props = {
	open: string | undefined;
	onOpen: (id: string | undefined) => void;
	tab: BrandTab;
	onTab: (tab: BrandTab) => void;
};

export function BrandsPage({ open, onOpen, tab, onTab }: Props) {
	const brands = useBrands();
	const taxonomy = useCategories();
	const may = useCan("analyst");
	const rows = brands.data?.items ?? [];
	const voices = useVoices(rows.some(({ paused }) => !paused));
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	const add = (
		<Button leftSection={<Plus size={16} />} onClick={() => onOpen("new")}>
			Watch a brand
		</Button>
	);
	return (
		<Page
			title="Brands"
			about="Who is watched, how loud each is, and under which names it is found"
			actions={may && (rows.length > 0 || !brands.isSuccess) && add}
		>
			{brands.isPending ? (
				<LoadingRows what="brands" />
			) : failed(brands) ? (
				<ProblemPanel error={brands.error} retry={brands.refetch} />
			) : rows.length === 0 ? (
				<Empty icon={Tag} title="No brands yet" action={may && add}>
					Name your own brand or a client, and its competitors. Every article of your feeds is then searched
					for their names, also those of the last 30 days.
				</Empty>
			) : (
				<>
					<SameBrands />
					<DataTable
						label="Brands"
						rows={rows}
						columns={columns(onOpen, taxonomy.data?.items ?? [], voices)}
						id={({ id }) => id}
						open={open}
						onOpen={onOpen}
					/>
				</>
			)}
			{open && <BrandPanel key={open} id={open} tab={tab} onTab={onTab} onClose={() => onOpen(undefined)} />}
		</Page>
	);
}

function kindOf({ kind }: BrandOut): { label: string; color: string } {
	return KINDS.find(({ value }) => value === kind) ?? { label: kind, color: "gray" };
}

/** Of the size that the figures will have, so that nothing jumps when they come. */
function VoiceLoading() {
	return (
		<div className={classes.voice} role="status" aria-label="Counting the last 30 days">
			<Skeleton className={classes.days} radius="sm" />
			<div>
				<Skeleton w={62} h={10} />
				<Skeleton w={94} h={8} mt={7} />
			</div>
		</div>
	);
}

function columns(
	onOpen: (id: string) => void,
	sectors: SectorOut[],
	voices: { data: Voices | undefined; isLoading: boolean },
): Column<BrandOut>[] {
	const most = Math.max(0, ...(voices.data?.volume.series.flatMap(({ mentions }) => mentions) ?? []));
	return [
		{
			key: "name",
			title: "Brand",
			render: (brand) => (
				<div className={classes.name}>
					<span className={classes.swatch} style={{ background: brand.color }} aria-hidden />
					<div>
						<RowName onClick={() => onOpen(brand.id)}>{brand.name}</RowName>
						<Text size="xs" c="dimmed" lineClamp={1}>
							{brand.paused ? "Paused" : brand.description || brand.website}
						</Text>
						<Narrow>{kindOf(brand).label}</Narrow>
					</div>
				</div>
			),
		},
		{
			key: "kind",
			title: "Kind",
			from: "medium",
			fit: true,
			render: (brand) => <Badge color={kindOf(brand).color}>{kindOf(brand).label}</Badge>,
		},
		{
			key: "voice",
			title: "Last 30 days",
			fit: true,
			render: ({ id, color, paused }) => {
				if (voices.isLoading && !paused) return <VoiceLoading />;
				const row = voices.data?.share.rows.find(({ brand_id }) => brand_id === id);
				const days = voices.data?.volume.series.find(({ brand_id }) => brand_id === id)?.mentions;
				if (!row || !days) return <div className={classes.voice}>–</div>;
				return (
					<div className={classes.voice}>
						<DayBars days={days} color={color} most={most} />
						<div>
							{plural(row.stories, "story", "stories")}
							{row.share.value !== null && (
								<Text size="xs" c="dimmed">
									{percent(row.share.value)} of the voice
								</Text>
							)}
						</div>
					</div>
				);
			},
		},
		{
			key: "names",
			title: "Found as",
			from: "wide",
			render: ({ names, name }) => {
				const others = names.filter(({ text }) => text !== name);
				return (
					<Text size="sm" lineClamp={2}>
						{others.length === 0
							? name
							: others
									.slice(0, 4)
									.map(({ text }) => text)
									.join(", ")}
						{others.length > 4 && ` and ${others.length - 4} more`}
					</Text>
				);
			},
		},
		{
			key: "not",
			title: "Kept out",
			from: "wide",
			fit: true,
			render: ({ not_phrases }) => (not_phrases.length > 0 ? plural(not_phrases.length, "namesake") : "–"),
		},
		{
			key: "category",
			title: "Category",
			from: "wide",
			render: ({ category }) => {
				const words = categoryInWords(category);
				const sector = sectors.find(({ categories }) => categories.some(({ name }) => name === words));
				return words ? (
					<>
						{words}
						{sector && (
							<Text size="xs" c="dimmed">
								{sector.name}
							</Text>
						)}
					</>
				) : (
					"–"
				);
			},
		},
	];
}
