import { Anchor, Box, Button, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, Users } from "lucide-react";
import { useMemo, useState } from "react";
import type { AuthorOut, BrandOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable } from "@/shared/DataTable";
import { plural } from "@/shared/numbers";
import { PanelBody } from "@/shared/SlideOver";
import { Empty, LoadingPanel, ProblemPanel } from "@/shared/states";
import { Tone } from "@/shared/Tone";
import { ToneBar } from "@/shared/ToneBar";
import { Ago } from "@/shared/time";
import classes from "./Brands.module.css";
import { useAuthors, useAuthorTexts } from "./queries";

/** Who writes about a brand, by the names above its articles. */
export function PeopleTab({ brand }: { brand: BrandOut }) {
	const found = useAuthors(brand.id);
	const [open, setOpen] = useState<AuthorOut>();
	const columns = useMemo(() => columnsOf(setOpen), []);
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
	if (open) return <Texts brand={brand} author={open} onBack={() => setOpen(undefined)} />;
	return (
		<PanelBody>
			<Text size="xs" c="dimmed" mb="sm">
				{plural(texts, "text")} about {brand.name} in the last 90 days, copies left out
				{unsigned > 0 && `; ${unsigned} of them ${unsigned === 1 ? "names" : "name"} nobody`}
			</Text>
			<DataTable
				label="People"
				rows={authors}
				columns={columns}
				id={({ name, outlet }) => `${name} ${outlet}`}
			/>
		</PanelBody>
	);
}

/** What one person wrote about the brand: what the number beside the name counts. */
function Texts({ brand, author, onBack }: { brand: BrandOut; author: AuthorOut; onBack: () => void }) {
	const found = useAuthorTexts(brand.id, author.name, author.outlet || author.site);
	return (
		<PanelBody>
			<Button
				variant="subtle"
				size="compact-sm"
				leftSection={<ArrowLeft size={15} />}
				onClick={onBack}
				mb="xs"
				ml={-8}
				autoFocus
			>
				All people
			</Button>
			<Title order={3} size="h6">
				{author.name}
			</Title>
			<Text size="xs" c="dimmed" mb="sm">
				{plural(found.data?.total ?? author.texts, "text")} about {brand.name} in {author.outlet} in the last
				90 days, copies left out
			</Text>
			{found.isPending ? (
				<LoadingPanel what="texts" />
			) : failed(found) ? (
				<ProblemPanel error={found.error} retry={found.refetch} />
			) : (
				<Stack component="ul" gap="sm" className={classes.written} aria-label={`Texts of ${author.name}`}>
					{found.data.texts.map(({ mention_id, article_id, title, tone, published_at }) => (
						<li key={mention_id}>
							<Anchor
								size="sm"
								renderRoot={(props) => (
									<Link
										to="/articles/$articleId"
										params={{ articleId: article_id }}
										search={{ mention: mention_id }}
										{...props}
									/>
								)}
							>
								{title}
							</Anchor>
							<Group gap="xs">
								<Tone tone={tone} />
								<Text size="xs" c="dimmed">
									<Ago at={published_at} />
								</Text>
							</Group>
						</li>
					))}
				</Stack>
			)}
			{found.data && found.data.total > found.data.texts.length && (
				<Text size="xs" c="dimmed" mt="sm">
					The {found.data.texts.length} newest are shown.
				</Text>
			)}
		</PanelBody>
	);
}

const columnsOf = (onOpen: (author: AuthorOut) => void): Column<AuthorOut>[] => [
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
		render: (author) => (
			<div className={classes.texts}>
				<Anchor
					component="button"
					type="button"
					size="sm"
					className="numeric"
					aria-label={`${plural(author.texts, "text")} of ${author.name}`}
					onClick={() => onOpen(author)}
				>
					{author.texts}
				</Anchor>
				<ToneBar counts={author.tones} />
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
