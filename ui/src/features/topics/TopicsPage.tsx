import { Alert, Badge, Button, Text } from "@mantine/core";
import { MessagesSquare, Plus } from "lucide-react";
import type { BrandOut, TopicOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { count } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { useBrands } from "../brands/queries";
import { useTopics } from "./queries";

const TopicPanel = later(async () => (await import("./TopicPanel")).TopicPanel);

type Props = { open: string | undefined; onOpen: (id: string | undefined) => void };

export function TopicsPage({ open, onOpen }: Props) {
	const topics = useTopics();
	const brands = useBrands();
	const may = useCan("analyst");
	const rows = topics.data?.items ?? [];
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	const add = (
		<Button leftSection={<Plus size={16} />} onClick={() => onOpen("new")}>
			New topic
		</Button>
	);
	return (
		<Page
			title="Topics"
			about="What your brands are talked about for, and whether your messages get through"
			actions={may && (rows.length > 0 || !topics.isSuccess) && add}
		>
			{topics.data?.model === false && (
				<Alert color="yellow" mb="md" title="Topics are not looked for">
					They need the sentence model, which is not installed here, or tone is set to be read by words alone.
				</Alert>
			)}
			{topics.isPending ? (
				<LoadingRows what="topics" />
			) : failed(topics) ? (
				<ProblemPanel error={topics.error} retry={topics.refetch} />
			) : rows.length === 0 ? (
				<Empty icon={MessagesSquare} title="No topics yet" action={may && add}>
					Say in a line what you want to follow: recalls, prices, jobs; or a message that shall get through.
					Each mention is read for it, the last 90 days at once, and your yes and no make it better.
				</Empty>
			) : (
				<DataTable
					label="Topics"
					rows={rows}
					columns={columns(onOpen, brands.data?.items ?? [])}
					id={({ id }) => id}
					open={open}
					onOpen={onOpen}
				/>
			)}
			{open && <TopicPanel key={open} id={open} onClose={() => onOpen(undefined)} />}
		</Page>
	);
}

function columns(onOpen: (id: string) => void, brands: BrandOut[]): Column<TopicOut>[] {
	return [
		{
			key: "title",
			title: "Topic",
			render: ({ id, title, line }) => (
				<div>
					<RowName onClick={() => onOpen(id)}>{title}</RowName>
					<Text size="xs" c="dimmed" lineClamp={1}>
						{line}
					</Text>
				</div>
			),
		},
		{
			key: "sort",
			title: "Kind",
			fit: true,
			from: "medium",
			render: ({ sort, archived, filling }) =>
				archived ? (
					<Badge color="gray">Put away</Badge>
				) : filling ? (
					<Badge color="blue">Looking back</Badge>
				) : (
					<Badge variant="light" color={sort === "message" ? "grape" : "teal"}>
						{sort === "message" ? "Key message" : "Topic"}
					</Badge>
				),
		},
		{
			key: "brand",
			title: "Brand",
			fit: true,
			from: "wide",
			// While the brands are on their way, a topic of one brand is not said to be of all.
			render: ({ brand_id }) => (brand_id ? brands.find(({ id }) => id === brand_id)?.name : "All"),
		},
		{
			key: "yes",
			title: "In 30 days",
			fit: true,
			align: "right",
			render: ({ yes, maybe }) => (
				<>
					{count(yes)}
					{maybe > 0 && (
						<Text size="xs" c="dimmed">
							{count(maybe)} in doubt
						</Text>
					)}
				</>
			),
		},
	];
}
