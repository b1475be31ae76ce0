import { Button, Checkbox, Group, Loader, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { testFeed } from "@/api/generated/sdk.gen";
import { sentence } from "@/api/problems";
import { plural } from "@/shared/numbers";
import { AboutError } from "@/shared/states";
import { Ago } from "@/shared/time";
import type { Candidate } from "./FeedsStep";
import classes from "./Welcome.module.css";

type Props = {
	candidate: Candidate;
	chosen: boolean;
	onChoose: (on: boolean) => void;
	onBroken: () => void;
	onInstead: (feeds: Candidate[]) => void;
};

/** One feed, test-fetched as soon as it is on the list. A site's address is replaced by the feeds it names: by itself where it is one. */
export function CandidateRow({ candidate, chosen, onChoose, onBroken, onInstead }: Props) {
	const test = useQuery({
		queryKey: [{ _id: "previewOf", url: candidate.url }],
		queryFn: async ({ signal }) =>
			(await testFeed({ body: { url: candidate.url }, signal, throwOnError: true })).data,
		staleTime: Number.POSITIVE_INFINITY,
		retry: false,
	});
	const preview = test.data;
	const works = preview && !preview.problem;
	const broken = test.isError || (preview?.problem && preview.candidates.length === 0);
	// biome-ignore lint/correctness/useExhaustiveDependencies: told once, when it is known
	useEffect(() => {
		if (broken) onBroken();
	}, [Boolean(broken)]);
	const only = preview?.problem && preview.candidates.length === 1 ? preview.candidates[0] : undefined;
	// biome-ignore lint/correctness/useExhaustiveDependencies: told once, when it is known
	useEffect(() => {
		if (only) onInstead([{ url: only.url, title: only.title ?? "" }]);
	}, [only?.url]);
	const newest = preview?.entries[0]?.published_at;
	return (
		<li>
			<Checkbox
				checked={chosen && !broken}
				disabled={Boolean(broken)}
				onChange={(event) => onChoose(event.currentTarget.checked)}
				label={candidate.title || preview?.title || candidate.url}
				description={
					preview?.entries[0]?.title ??
					(candidate.title || preview?.title
						? candidate.url
						: test.isPending && "Its newest item is being fetched")
				}
				styles={{ body: { minWidth: 0 }, labelWrapper: { minWidth: 0, overflowWrap: "anywhere" } }}
			/>
			<Group gap="xs" wrap="nowrap" role="status">
				{test.isPending && <Loader size={14} role="img" aria-label="Fetching" />}
				{works && (
					<Text size="xs" c="dimmed" component="div" className={classes.aside}>
						<span>{plural(preview.entry_count, "item")}</span>
						{newest && (
							<span>
								<Ago at={newest} />
							</span>
						)}
					</Text>
				)}
				{preview?.problem && preview.candidates.length > 1 && (
					<Button
						size="compact-sm"
						variant="default"
						onClick={() =>
							onInstead(preview.candidates.map(({ url, title }) => ({ url, title: title ?? "" })))
						}
					>
						Take its {plural(preview.candidates.length, "feed")}
					</Button>
				)}
				{broken && (
					<Text size="xs" c="var(--bad)" maw={220} className={classes.aside}>
						{test.isError ? sentence(test.error) : preview?.problem?.detail}{" "}
						{preview?.problem && <AboutError code={preview.problem.error} />}
					</Text>
				)}
			</Group>
		</li>
	);
}
