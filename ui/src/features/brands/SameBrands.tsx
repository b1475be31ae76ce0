import { Alert, Button, Card, Collapse, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { Merge, Undo2, X } from "lucide-react";
import { useRef } from "react";
import type { BrandMergeOut, BrandPair, BrandSide } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { BrandChip } from "@/shared/BrandChip";
import { plural, sureness } from "@/shared/numbers";
import { Reasons } from "@/shared/Reasons";
import { Ago } from "@/shared/time";
import { complain, offerUndo, say } from "@/shared/undo";
import classes from "./Brands.module.css";
import { useAskAgain, useMerge, useMerges, usePairs, useTellApart, useUndoMerge } from "./queries";

const SHOWN = 3;

/** Brands that may be one and the same, with the reasons, and what was merged before. Nothing is merged by itself. */
export function SameBrands() {
	const pairs = usePairs();
	const merges = useMerges();
	const may = useCan("analyst");
	const deciding = useDeciding();
	const [all, toggle] = useDisclosure(false);
	const items = pairs.data?.items ?? [];
	const done = (merges.data?.items ?? []).filter(({ undone_at }) => !undone_at);
	return (
		<>
			{items.length > 0 && (
				<Card padding="md" component="section" aria-labelledby="same-brands" data-keeps-panel>
					<Title order={2} size="h5" id="same-brands">
						These may be the same
					</Title>
					<ul className={classes.pairs}>
						{(all ? items : items.slice(0, SHOWN)).map((pair) => (
							<Pair
								key={`${pair.first.id} ${pair.second.id}`}
								pair={pair}
								deciding={may ? deciding : undefined}
							/>
						))}
					</ul>
					{items.length > SHOWN && (
						<Button variant="subtle" size="compact-sm" onClick={toggle.toggle}>
							{all ? "Show fewer" : `Show ${plural(items.length - SHOWN, "more pair")}`}
						</Button>
					)}
				</Card>
			)}
			{done.length > 0 && <Merged merges={done} may={may} onUndo={deciding.takenBack} />}
		</>
	);
}

type Deciding = ReturnType<typeof useDeciding>;

/** Lives in the list: a pair that is decided on leaves it, and what was done must still be said and taken back. */
function useDeciding() {
	const merge = useMerge();
	const undo = useUndoMerge();
	const apart = useTellApart();
	const again = useAskAgain();
	const offers = useRef(new Map<string, () => void>());
	const failed = (error: unknown) => complain(sentence(error));
	return {
		busy: merge.isPending || apart.isPending,
		/** It is taken back where it is listed: the message does not offer that any more. */
		takenBack: (merge_id: string) => offers.current.get(merge_id)?.(),
		into: (kept: BrandSide, gone: BrandSide) =>
			merge
				.mutateAsync({ body: { kept_id: kept.id, gone_id: gone.id } })
				.then(({ id, mentions, state }) =>
					state === "doing"
						? say(`${gone.name} is ${kept.name} now; its mentions are on their way, see Jobs`)
						: offers.current.set(
								id,
								offerUndo(`${gone.name} is ${kept.name} now, with ${plural(mentions, "mention")}`, () =>
									undo.mutateAsync({ path: { merge_id: id } }).catch(failed),
								),
							),
				)
				.catch(failed),
		tellApart: (first: BrandSide, second: BrandSide) => {
			const ids = { first_id: first.id, second_id: second.id };
			return apart
				.mutateAsync({ body: ids })
				.then(() =>
					offerUndo(`${first.name} and ${second.name} are two`, () =>
						again.mutateAsync({ query: ids }).catch(failed),
					),
				)
				.catch(failed);
		},
	};
}

function Pair({
	pair: { first, second, alike, probability, reasons },
	deciding,
}: {
	pair: BrandPair;
	deciding: Deciding | undefined;
}) {
	return (
		<li>
			<div className={classes.two}>
				<Side side={first} />
				<Text span c="dimmed" size="sm">
					and
				</Text>
				<Side side={second} />
				<Text span size="sm" fw={600}>
					{sureness(probability)} likely
				</Text>
			</div>
			{alike.some((name) => name !== first.name && name !== second.name) && (
				<Text size="sm">Most alike: {alike.map((name) => `“${name}”`).join(" and ")}</Text>
			)}
			<Reasons reasons={reasons} />
			{deciding && (
				<Group gap="xs" mt="xs">
					<Button
						size="xs"
						variant="light"
						leftSection={<Merge size={14} />}
						disabled={deciding.busy}
						onClick={() => deciding.into(first, second)}
					>
						Merge into {first.name}
					</Button>
					<Button
						size="xs"
						variant="default"
						disabled={deciding.busy}
						onClick={() => deciding.into(second, first)}
					>
						Into {second.name}
					</Button>
					<Button
						size="xs"
						variant="subtle"
						color="gray"
						leftSection={<X size={14} />}
						disabled={deciding.busy}
						onClick={() => deciding.tellApart(first, second)}
					>
						Not the same
					</Button>
				</Group>
			)}
		</li>
	);
}

function Side({ side: { name, color, mentions } }: { side: BrandSide }) {
	return (
		<span className={classes.side}>
			<BrandChip name={name} color={color} />
			<Text span size="xs" c="dimmed">
				{plural(mentions, "mention")}
			</Text>
		</span>
	);
}

const WAYS: Partial<Record<BrandMergeOut["state"], string>> = {
	doing: "its mentions are on their way",
	undoing: "its mentions are on their way back",
};

type MergedProps = { merges: BrandMergeOut[]; may: boolean; onUndo: (merge_id: string) => void };

function Merged({ merges, may, onUndo }: MergedProps) {
	const [open, toggle] = useDisclosure(false);
	const undo = useUndoMerge();
	return (
		<div data-keeps-panel>
			<Button variant="subtle" size="compact-sm" aria-expanded={open} onClick={toggle.toggle}>
				{plural(merges.length, "brand")} merged into another
			</Button>
			<Collapse expanded={open}>
				<Stack gap="xs" mt="xs">
					{undo.isError && (
						<Alert color="red" role="alert">
							{sentence(undo.error)}
						</Alert>
					)}
					{merges.map((merge) => (
						<Group key={merge.id} gap="xs" justify="space-between" className={classes.merged}>
							<Text size="sm">
								<b>{merge.gone_name}</b> into <b>{merge.kept_name}</b>
								<Text span size="xs" c="dimmed">
									{" "}
									· {plural(merge.mentions, "mention")} · <Ago at={merge.merged_at} />
									{WAYS[merge.state] && merge.run_id && (
										<>
											{" · "}
											<Link to="/jobs" search={{ run: merge.run_id }}>
												{WAYS[merge.state]}
											</Link>
										</>
									)}
								</Text>
							</Text>
							{may && (
								<Button
									size="compact-sm"
									variant="light"
									leftSection={<Undo2 size={14} />}
									loading={undo.isPending && undo.variables?.path.merge_id === merge.id}
									onClick={() => {
										onUndo(merge.id);
										undo.mutate({ path: { merge_id: merge.id } });
									}}
									aria-label={`Undo: ${merge.gone_name} into ${merge.kept_name}`}
								>
									Undo
								</Button>
							)}
						</Group>
					))}
				</Stack>
			</Collapse>
		</div>
	);
}
