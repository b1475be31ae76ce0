import { Alert, Anchor, Badge, Button, Group, Stack, Text } from "@mantine/core";
import type { EntryOut, FeedPreview } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import { AboutError } from "@/shared/states";
import { duration, moment } from "@/shared/time";
import classes from "./Feeds.module.css";

/** What lies at an address, as it was just fetched. */
export function Preview({ preview, onChoose }: { preview: FeedPreview; onChoose?: (url: string) => void }) {
	const { problem, candidates, entries } = preview;
	return (
		<Stack gap="sm">
			{problem && (
				<Alert color={candidates.length > 0 ? "yellow" : "red"} role="status">
					{problem.detail} <AboutError code={problem.error} />
				</Alert>
			)}
			{candidates.length > 0 && (
				<Stack gap="xs">
					<Text size="sm" fw={600}>
						{plural(candidates.length, "feed")} on this site
					</Text>
					{candidates.map(({ url, title, kind, entries, followed }) => (
						<Group key={url} justify="space-between" wrap="nowrap">
							<div style={{ minWidth: 0 }}>
								<Text size="sm" truncate>
									{title ?? url}
								</Text>
								<Text size="xs" c="dimmed" truncate>
									{[kind, entries !== null && plural(entries, "item"), url].filter(Boolean).join(" · ")}
								</Text>
							</div>
							{followed ? (
								<Badge color="green">Followed</Badge>
							) : (
								onChoose && (
									<Button size="compact-sm" variant="default" onClick={() => onChoose(url)}>
										Take this
									</Button>
								)
							)}
						</Group>
					))}
				</Stack>
			)}
			{!problem && (
				<>
					<Group gap="xs">
						<Badge color="green">It works</Badge>
						<Text size="sm">
							{[preview.title, preview.kind, plural(preview.entry_count, "item"), preview.language]
								.filter(Boolean)
								.join(" · ")}
						</Text>
						<Text size="xs" c="dimmed">
							fetched in {duration(preview.took_ms / 1000)}
						</Text>
					</Group>
					{preview.notes.map((note) => (
						<Alert key={note} color="yellow" role="status">
							{note}
						</Alert>
					))}
					<Entries entries={entries} />
				</>
			)}
		</Stack>
	);
}

export function Entries({ entries }: { entries: EntryOut[] }) {
	return (
		<ul className={classes.entries}>
			{entries.map(({ title, link, published_at, authors }) => (
				<li key={`${link}${title}`}>
					{link ? (
						<Anchor href={link} target="_blank" rel="noreferrer noopener" c="inherit" fz="sm">
							{title || link}
						</Anchor>
					) : (
						title
					)}
					<Text size="xs" c="dimmed">
						{[published_at && moment(published_at), authors.join(", ")].filter(Boolean).join(" · ")}
					</Text>
				</li>
			))}
		</ul>
	);
}
