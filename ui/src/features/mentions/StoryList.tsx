import { ActionIcon, Badge, Button, Center, Checkbox, Tooltip } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { Archive, ArchiveRestore, Star } from "lucide-react";
import { useEffect } from "react";
import type { StoryOut } from "@/api/generated/types.gen";
import { BrandChip } from "@/shared/BrandChip";
import { plural } from "@/shared/numbers";
import { Confidence, Tone } from "@/shared/Tone";
import { ToneBar } from "@/shared/ToneBar";
import { Ago } from "@/shared/time";
import type { Deed } from "./queries";
import classes from "./StoryList.module.css";
import type { Selection } from "./useSelection";

/** From here on the confidence is no news. */
const SURE = 0.9;

type Props = {
	stories: StoryOut[];
	open: string | undefined;
	onOpen: (id: string) => void;
	onDeed: ((deed: Deed) => void) | undefined;
	selection: Selection | undefined;
	more: (() => void) | undefined;
	loadingMore: boolean;
};

export function StoryList({ stories, open, onOpen, onDeed, selection, more, loadingMore }: Props) {
	return (
		<>
			<ul
				className={classes.list}
				aria-label="Stories"
				data-choosing={(selection && selection.ids.size > 0) || undefined}
			>
				{stories.map((story) => (
					<Story
						key={story.id}
						story={story}
						open={story.id === open}
						onOpen={onOpen}
						onDeed={onDeed}
						selection={selection}
					/>
				))}
			</ul>
			{more && <More more={more} loading={loadingMore} />}
		</>
	);
}

type StoryProps = Pick<Props, "onOpen" | "onDeed" | "selection"> & { story: StoryOut; open: boolean };

function Story({ story, open, onOpen, onDeed, selection }: StoryProps) {
	const lead = story.mentions[0];
	const brands = [...new Map(story.mentions.map(({ brand }) => [brand.id, brand])).values()];
	const quote = lead?.tone_quote && lead.tone_quote !== story.title ? lead.tone_quote : undefined;
	const chosen = selection !== undefined && (selection.all || selection.ids.has(story.id));
	const tones = Object.values(story.tone_counts).filter((number) => number > 0).length;
	return (
		// biome-ignore lint/a11y/useKeyWithClickEvents: the title's button is for the keyboard
		<li
			className={classes.story}
			data-row={story.id}
			data-open={open || undefined}
			data-chosen={chosen || undefined}
			onClick={() => onOpen(story.id)}
		>
			<div className={classes.head}>
				{selection && (
					<Checkbox
						size="xs"
						className={classes.choose}
						aria-label={`Choose “${story.title}”`}
						checked={chosen}
						onClick={(event) => {
							event.stopPropagation();
							if (!event.shiftKey) return;
							event.preventDefault();
							selection.upTo(story.id);
						}}
						onChange={() => selection.toggle(story.id)}
					/>
				)}
				<button
					type="button"
					className={classes.title}
					onClick={(event) => {
						event.stopPropagation();
						onOpen(story.id);
					}}
				>
					{story.title}
				</button>
			</div>
			<div className={classes.side}>
				{onDeed && (
					<>
						<Mark
							label={story.starred ? "Take the star off" : "Star"}
							onClick={() => onDeed({ kind: "star", story: story.id, on: !story.starred })}
						>
							<Star size={16} fill={story.starred ? "var(--tone-mixed)" : "none"} />
						</Mark>
						<Mark
							label={story.archived ? "Back to the inbox" : "Archive"}
							onClick={() => onDeed({ kind: "archive", story: story.id, on: !story.archived })}
						>
							{story.archived ? <ArchiveRestore size={16} /> : <Archive size={16} />}
						</Mark>
					</>
				)}
			</div>
			{quote && <p className={classes.quote}>“{quote}”</p>}
			<div className={classes.meta}>
				<span className={classes.brands}>
					{brands.map((brand) => (
						<BrandChip key={brand.id} {...brand} />
					))}
				</span>
				{tones > 1 ? <ToneBar counts={story.tone_counts} /> : lead && <Tone tone={lead.tone} />}
				{story.confidence < SURE && <Confidence value={story.confidence} />}
				<span>
					<bdi>{story.headline.outlet || story.headline.site}</bdi> · <Ago at={story.headline.published_at} />
				</span>
				{story.articles > 1 && (
					<span>
						{plural(story.articles, "article")} in {plural(story.outlets, "outlet")}
						{story.reprints > 0 && `, ${plural(story.reprints, "reprint")}`}
					</span>
				)}
				{story.tags.map((tag) => (
					<Badge key={tag} size="sm" variant="light" color="gray" className={classes.tag}>
						{tag}
					</Badge>
				))}
			</div>
		</li>
	);
}

function Mark({
	label,
	onClick,
	children,
}: {
	label: string;
	onClick: () => void;
	children: React.ReactNode;
}) {
	return (
		<Tooltip label={label}>
			<ActionIcon
				variant="subtle"
				color="gray"
				aria-label={label}
				onClick={(event) => {
					event.stopPropagation();
					onClick();
				}}
			>
				{children}
			</ActionIcon>
		</Tooltip>
	);
}

/** Asks for the next page a screen before the end is reached. */
function More({ more, loading }: { more: () => void; loading: boolean }) {
	const { ref, entry } = useIntersection({ rootMargin: "0px 0px 900px 0px" });
	const near = entry?.isIntersecting;
	useEffect(() => {
		if (near && !loading) more();
	}, [near, loading, more]);
	return (
		<Center ref={ref} p="md">
			<Button variant="subtle" color="gray" loading={loading} onClick={more}>
				Show more
			</Button>
		</Center>
	);
}
