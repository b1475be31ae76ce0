import { Badge, Button, Text } from "@mantine/core";
import { Plus, Tag } from "lucide-react";
import type { BrandOut, SectorOut } from "@/api/generated/types.gen";
import { useCan } from "@/api/session";
import { categoryInWords } from "@/shared/categories";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { plural } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import classes from "./Brands.module.css";
import { KINDS } from "./kinds";
import { useBrands, useCategories } from "./queries";
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
			about="Who is watched, and under which names"
			actions={may && (rows.length > 0 || !brands.isSuccess) && add}
		>
			{brands.isPending ? (
				<LoadingRows what="brands" />
			) : brands.isError ? (
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
						columns={columns(onOpen, taxonomy.data?.items ?? [])}
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

function columns(onOpen: (id: string) => void, sectors: SectorOut[]): Column<BrandOut>[] {
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
					</div>
				</div>
			),
		},
		{
			key: "kind",
			title: "Kind",
			fit: true,
			render: ({ kind }) => {
				const look = KINDS.find(({ value }) => value === kind);
				return <Badge color={look?.color ?? "gray"}>{look?.label ?? kind}</Badge>;
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
