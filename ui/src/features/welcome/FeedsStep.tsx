import { Alert, Button, Card, Chip, FileButton, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, Upload } from "lucide-react";
import { useState } from "react";
import { feedHealthOptions, feedPacksOptions } from "@/api/generated/@tanstack/react-query.gen";
import { followFeed } from "@/api/generated/sdk.gen";
import { isProblem, onItsWay, sentence } from "@/api/problems";
import { tellOfImport } from "@/features/feeds/importing";
import { useImportOpml, useLookAtOpml } from "@/features/feeds/queries";
import { plural } from "@/shared/numbers";
import { LoadingPanel } from "@/shared/states";
import { complain } from "@/shared/undo";
import { CandidateRow } from "./CandidateRow";
import classes from "./Welcome.module.css";

const SHOWN_ONE_BY_ONE = 40;

export type Candidate = { url: string; title: string };

type Props = { found: Candidate[]; onDone: () => void };

/** Where news comes from: each feed is fetched before one's eyes, and then followed with one click. */
export function FeedsStep({ found, onDone }: Props) {
	const packs = useQuery(feedPacksOptions());
	const health = useQuery(feedHealthOptions());
	const [candidates, setCandidates] = useState<Candidate[]>(found);
	const [left, setLeft] = useState<string[]>([]);
	const [broken, setBroken] = useState<string[]>([]);
	const [address, setAddress] = useState("");
	const [done, setDone] = useState<number>();

	const add = (more: Candidate[]) =>
		setCandidates((old) => [...new Map([...old, ...more].map((one) => [one.url, one])).values()]);
	const chosen = candidates.filter(({ url }) => !left.includes(url) && !broken.includes(url));
	const follow = useMutation({
		mutationFn: async () => {
			let failed = "";
			for (const [number, { url, title }] of chosen.entries()) {
				setDone(number);
				try {
					await followFeed({ body: { url, ...(title && { title }) }, throwOnError: true });
				} catch (error) {
					if (!isProblem(error)) throw error;
					if (error.code !== "feeds/already-followed") failed = `${title || url}: ${sentence(error)}`;
				}
			}
			if (failed) complain(failed);
		},
		onSuccess: onDone,
		onSettled: () => setDone(undefined),
	});
	const known = health.data?.total ?? 0;
	const bring = useImportOpml();
	const look = useLookAtOpml();
	const take = (file: File | null) => {
		if (!file) return;
		const onError = (error: unknown) => complain(sentence(error));
		look.mutate(file, {
			onSuccess: ({ items }) => {
				if (items.length <= SHOWN_ONE_BY_ONE) {
					add(items.map(({ url, title }) => ({ url, title: title ?? "" })));
					return;
				}
				// Hundreds are not looked at one by one: what cannot be read is found under Feeds, Health.
				bring.mutate(file, {
					onSuccess: (result) => {
						tellOfImport(result);
						if (chosen.length === 0) onDone();
					},
					onError,
				});
			},
			onError,
		});
	};

	if ([packs, health].some(onItsWay)) return <LoadingPanel what="feeds" />;
	return (
		<Card p={{ base: "md", xs: "xl" }} className={classes.card}>
			<Stack gap="lg">
				<div>
					<Title order={1}>Where shall it listen?</Title>
					<Text c="dimmed" size="sm">
						Feeds of news sites, blogs and newsrooms. Each is fetched right now, so that you see what it
						gives.
					</Text>
				</div>
				{follow.isError && (
					<Alert color="red" role="alert">
						{sentence(follow.error)}
					</Alert>
				)}
				{candidates.length > 0 && (
					<ul className={classes.rows} aria-label="Feeds to follow">
						{candidates.map((candidate) => (
							<CandidateRow
								key={candidate.url}
								candidate={candidate}
								chosen={!left.includes(candidate.url)}
								onChoose={(on) =>
									setLeft((old) =>
										on ? old.filter((url) => url !== candidate.url) : [...old, candidate.url],
									)
								}
								onBroken={() => setBroken((old) => [...new Set([...old, candidate.url])])}
								onInstead={(feeds) => {
									setCandidates((old) => old.filter(({ url }) => url !== candidate.url));
									add(feeds);
								}}
							/>
						))}
					</ul>
				)}
				<form
					onSubmit={(event) => {
						event.preventDefault();
						if (address.trim()) add([{ url: address.trim(), title: "" }]);
						setAddress("");
					}}
				>
					<Group gap="sm" wrap="nowrap" align="flex-end">
						<TextInput
							flex={1}
							label="Address of a feed or a site"
							placeholder="news.example.com"
							autoFocus={candidates.length === 0}
							value={address}
							onChange={(event) => setAddress(event.currentTarget.value)}
						/>
						<Button type="submit" variant="default" leftSection={<Plus size={15} />}>
							Add
						</Button>
					</Group>
				</form>
				<Group gap="xs">
					{packs.data?.items.map((pack) => (
						<Chip
							key={pack.key}
							size="sm"
							checked={pack.feeds.every(({ url }) => candidates.some((one) => one.url === url))}
							onChange={(on) =>
								on
									? add(pack.feeds.map(({ url, title }) => ({ url, title })))
									: setCandidates((old) =>
											old.filter((one) => !pack.feeds.some(({ url }) => url === one.url)),
										)
							}
						>
							{pack.name} ({pack.feeds.length})
						</Chip>
					))}
					<FileButton accept=".opml,.xml,text/xml,text/x-opml" onChange={take}>
						{(props) => (
							<Button
								{...props}
								size="compact-sm"
								variant="subtle"
								leftSection={<Upload size={14} />}
								loading={look.isPending || bring.isPending}
							>
								From an OPML file
							</Button>
						)}
					</FileButton>
				</Group>
				<Group justify="flex-end">
					{chosen.length === 0 && known > 0 && (
						<Button variant="default" onClick={onDone}>
							Go on with the {plural(known, "feed")} followed
						</Button>
					)}
					<Button disabled={chosen.length === 0} loading={follow.isPending} onClick={() => follow.mutate()}>
						{done === undefined
							? `Follow ${plural(chosen.length, "feed")} and scan`
							: `${done + 1} of ${chosen.length}`}
					</Button>
				</Group>
			</Stack>
		</Card>
	);
}
