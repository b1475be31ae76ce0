import { Badge, Button, Card, Group, SimpleGrid, Text, Title } from "@mantine/core";
import { Check, Package, Plus } from "lucide-react";
import { useState } from "react";
import type { Pack } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { plural } from "@/shared/numbers";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { complain, say } from "@/shared/undo";
import classes from "./Feeds.module.css";
import { useFeedPacks, useFollowFeed } from "./queries";

export function PacksTab({ may }: { may: boolean }) {
	const packs = useFeedPacks();
	if (packs.isPending) return <LoadingRows what="packs" rows={4} />;
	if (failed(packs)) return <ProblemPanel error={packs.error} retry={packs.refetch} />;
	if (packs.data.items.length === 0) {
		return (
			<Empty icon={Package} title="No packs here">
				Packs are sets of feeds by industry. This installation ships without any; import an OPML file instead.
			</Empty>
		);
	}
	return (
		<SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
			{packs.data.items.map((pack) => (
				<PackCard key={pack.key} pack={pack} may={may} />
			))}
		</SimpleGrid>
	);
}

function PackCard({ pack, may }: { pack: Pack; may: boolean }) {
	const follow = useFollowFeed();
	const [at, setAt] = useState<number>();
	const left = pack.feeds.filter(({ followed }) => !followed);
	const followAll = async () => {
		let failed = 0;
		let reason = "";
		for (const [number, { url, title }] of left.entries()) {
			setAt(number + 1);
			try {
				await follow.mutateAsync({ body: { url, title } });
			} catch (error) {
				failed += 1;
				reason = sentence(error);
			}
		}
		setAt(undefined);
		if (failed > 0) complain(`${plural(failed, "feed")} could not be followed. ${reason}`);
		else say(`${pack.name}: ${plural(left.length, "feed")} followed`);
	};
	return (
		<Card className={classes.pack}>
			<Group justify="space-between" wrap="nowrap">
				<Title order={2} size="h5">
					{pack.name}
				</Title>
				<Badge color="gray">{plural(pack.feeds.length, "feed")}</Badge>
			</Group>
			<Text size="sm" c="dimmed">
				{pack.description}
			</Text>
			<Text size="sm">{pack.feeds.map(({ title }) => title).join(", ")}</Text>
			{may && (
				<Button
					mt="auto"
					variant="default"
					disabled={left.length === 0}
					loading={at !== undefined}
					leftSection={left.length === 0 ? <Check size={15} /> : <Plus size={15} />}
					loaderProps={{ children: at === undefined ? undefined : `${at} of ${left.length}` }}
					onClick={followAll}
				>
					{left.length === 0 ? "All followed" : `Follow ${plural(left.length, "feed")}`}
				</Button>
			)}
		</Card>
	);
}
