import { Anchor, Box, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Users } from "lucide-react";
import type { AuthorOut, BrandOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable } from "@/shared/DataTable";
import { plural } from "@/shared/numbers";
import { PanelBody } from "@/shared/SlideOver";
import { Empty, LoadingPanel, ProblemPanel } from "@/shared/states";
import { ToneBar } from "@/shared/ToneBar";
import { Ago } from "@/shared/time";
import classes from "./Brands.module.css";
import { useAuthors } from "./queries";

/** Who writes about a brand, by the names above its articles. */
export function PeopleTab({ brand }: { brand: BrandOut }) {
	const found = useAuthors(brand.id);
	if (found.isPending) return <LoadingPanel what="people" />;
	if (failed(found)) return <ProblemPanel error={found.error} retry={found.refetch} />;
	const { authors, texts, unsigned } = found.data;
	if (authors.length === 0) {
		return (
			<PanelBody>
				<Empty icon={Users} title="Nobody is named yet" level={3}>
					{texts === 0
						? `When articles about ${brand.name} are found, this shows who wrote them, for which outlet, and in which tone.`
						: `None of the ${plural(texts, "text")} about ${brand.name} in the last 90 days says who wrote it.`}
				</Empty>
			</PanelBody>
		);
	}
	return (
		<PanelBody>
			<Text size="xs" c="dimmed" mb="sm">
				{plural(texts, "text")} about {brand.name} in the last 90 days, copies left out
				{unsigned > 0 && `; ${unsigned} of them ${unsigned === 1 ? "names" : "name"} nobody`}
			</Text>
			<DataTable
				label="People"
				rows={authors}
				columns={COLUMNS}
				id={({ name, outlet }) => `${name} ${outlet}`}
			/>
		</PanelBody>
	);
}

const COLUMNS: Column<AuthorOut>[] = [
	{
		key: "name",
		title: "Author",
		render: ({ name, outlet, ...last }) => (
			<>
				<Text size="sm" fw={550}>
					{name}
				</Text>
				<Text size="xs" c="dimmed">
					{outlet}
				</Text>
				{/* Its column leaves on a phone; what somebody wrote is what the number rests on. */}
				<Box hiddenFrom="sm">
					<Last {...last} />
				</Box>
			</>
		),
	},
	{
		key: "texts",
		title: "Texts",
		fit: true,
		render: ({ texts, tones }) => (
			<div className={classes.texts}>
				<span className="numeric">{texts}</span>
				<ToneBar counts={tones} />
			</div>
		),
	},
	{
		key: "last",
		title: "Last",
		from: "medium",
		render: (author) => <Last {...author} />,
	},
];

function Last({
	last_title,
	last_story_id,
	last_at,
}: Pick<AuthorOut, "last_title" | "last_story_id" | "last_at">) {
	return (
		<>
			<Anchor
				size="sm"
				lineClamp={2}
				renderRoot={(props) => (
					<Link to="/stories" search={{ story: last_story_id, range: "all" }} {...props} />
				)}
			>
				{last_title}
			</Anchor>
			<Text size="xs" c="dimmed">
				<Ago at={last_at} />
			</Text>
		</>
	);
}
