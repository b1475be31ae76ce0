import { Alert, Button, Card, Collapse, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { plural } from "@/shared/numbers";
import { Ago } from "@/shared/time";
import { offerUndo, say } from "@/shared/undo";
import classes from "./Trust.module.css";

/** What is done to one lesson. */
type Deed = Pick<
	UseMutationResult<unknown, unknown, { path: { lesson_id: string } }>,
	"mutate" | "isPending"
>;

/** What was learned from people, with a button that learns anew. */
export function LessonsCard({
	title,
	from,
	learn,
	children,
}: {
	title: string;
	from: ReactNode;
	learn: ReactNode;
	children: ReactNode;
}) {
	return (
		<Card padding="md" component="section" aria-label={title}>
			<Stack gap="md">
				<div className={classes.head} style={{ marginBottom: 0 }}>
					<div>
						<Title order={3} size="h5">
							{title}
						</Title>
						<Text size="xs" c="dimmed">
							{from}
						</Text>
					</div>
					{learn}
				</div>
				{children}
			</Stack>
		</Card>
	);
}

export function LearnButton({
	label,
	learning,
	missing,
	learn,
}: {
	label: string;
	learning: boolean;
	/** What there is too little of. */
	missing: string | null;
	learn: (then: { onSuccess: () => void }) => void;
}) {
	return (
		<Button
			size="xs"
			variant="light"
			loading={learning}
			disabled={missing !== null}
			onClick={() => learn({ onSuccess: () => say("Learning; nothing changes before you have seen it") })}
		>
			{label}
		</Button>
	);
}

/** A lesson that waits for somebody's word, with what it would change. */
export function ProposedLesson({
	lesson,
	title,
	check,
	contradicted,
	does,
	may,
	accept,
	decline,
	undo,
	changes,
}: {
	lesson: { id: string; number: number; conflicts: number };
	title: ReactNode;
	check: ReactNode;
	contradicted: string;
	does: string;
	may: boolean;
	accept: Deed;
	decline: Deed;
	undo: Deed;
	changes: ReactNode;
}) {
	const [open, shown] = useDisclosure(false);
	const path = { lesson_id: lesson.id };
	const back = () => undo.mutate({ path });
	return (
		<Alert
			color="iris"
			title={
				<>
					Lesson {lesson.number}: {title}
				</>
			}
		>
			<Stack gap="sm">
				<Text size="sm">{check}</Text>
				{lesson.conflicts > 0 && (
					<Text size="sm">
						{plural(lesson.conflicts, "sentence was", "sentences were")} {contradicted} and left out.
					</Text>
				)}
				<Group gap="xs">
					{may && (
						<>
							<Button
								size="xs"
								loading={accept.isPending}
								onClick={() =>
									accept.mutate(
										{ path },
										{ onSuccess: () => offerUndo(`Lesson ${lesson.number} ${does} now`, back) },
									)
								}
							>
								Apply
							</Button>
							<Button
								size="xs"
								variant="default"
								loading={decline.isPending}
								onClick={() => decline.mutate({ path }, { onSuccess: () => say("Left as it was") })}
							>
								Leave as it is
							</Button>
						</>
					)}
					<Button size="xs" variant="subtle" aria-expanded={open} onClick={shown.toggle}>
						{open ? "Hide what changes" : "Show what changes"}
					</Button>
				</Group>
				<Collapse expanded={open}>{open && changes}</Collapse>
			</Stack>
		</Alert>
	);
}

/** What a lesson changes, once it is there. */
export function Loaded<T>({
	detail,
	children,
}: {
	detail: { data: T | undefined; isError: boolean };
	children: (data: T) => ReactNode;
}) {
	if (detail.isError) return <Text size="sm">What changes could not be loaded.</Text>;
	if (detail.data === undefined) return <Skeleton h={80} role="status" aria-label="Loading what changes" />;
	return children(detail.data);
}

/** The lesson that decides today. */
export function AppliedLesson({
	lesson,
	does,
	check,
	may,
	undo,
	undone,
	children,
}: {
	lesson: { id: string; number: number; decided_at: string | null };
	does: string;
	check: ReactNode;
	may: boolean;
	undo: Deed;
	undone: string;
	children?: ReactNode;
}) {
	return (
		<Stack gap="xs">
			<Group justify="space-between" gap="xs">
				<Text size="sm" fw={600}>
					Lesson {lesson.number} {does}{" "}
					{lesson.decided_at && (
						<Text span size="xs" c="dimmed" fw={400}>
							since <Ago at={lesson.decided_at} />
						</Text>
					)}
				</Text>
				{may && (
					<Button
						size="xs"
						variant="subtle"
						loading={undo.isPending}
						onClick={() => undo.mutate({ path: { lesson_id: lesson.id } }, { onSuccess: () => say(undone) })}
					>
						Take it back
					</Button>
				)}
			</Group>
			<Text size="sm">{check}</Text>
			{children}
		</Stack>
	);
}
