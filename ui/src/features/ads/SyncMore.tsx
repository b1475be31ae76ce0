import { Button, Group, Stack, Text } from "@mantine/core";
import { RefreshCw, RotateCcw } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { WantedSync } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { ParameterFields, type Values } from "@/features/jobs/ParameterFields";
import type { Schema } from "@/features/jobs/parameters";
import { useJobs, useStartRun } from "@/features/jobs/queries";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { complain, say } from "@/shared/undo";
import { useStartSync } from "./accountQueries";

/** The days that *Sync now* reads again. */
const USUAL: Values = { days_back: 28 };

type Props = { account: string; disabled: boolean; onDone: () => void };

/** A sync that goes further back or fetches more than the usual one; and counting again what Meta answered before. */
export function SyncMore({ account, disabled, onDone }: Props) {
	const jobs = useJobs();
	const start = useStartSync();
	const again = useStartRun();
	const [wish, setWish] = useState(USUAL);
	const onError = (error: unknown) => complain(sentence(error));
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const body: WantedSync = { days_back: null, ...wish };
		start.mutate(
			{ path: { account_id: account }, body },
			{
				onSuccess: () => {
					say("The sync is on its way");
					onDone();
				},
				onError,
			},
		);
	};
	const countAgain = () =>
		again.mutate(
			{ body: { job: "ads.replay", parameters: { ad_account_id: account } } },
			{
				onSuccess: () => {
					say("Counting again what Meta answered; the run stands under Jobs");
					onDone();
				},
				onError,
			},
		);
	if (jobs.isPending) return <LoadingPanel what="settings of the sync" />;
	if (failed(jobs)) return <ProblemPanel error={jobs.error} retry={jobs.refetch} />;
	return (
		<form onSubmit={submit} aria-label="Sync with other settings">
			<Stack gap="sm">
				<ParameterFields
					schema={withoutAccount(jobs.data.find(({ name }) => name === "ads.sync")?.parameters)}
					values={wish}
					errors={{}}
					onChange={setWish}
				/>
				<Group gap="xs">
					<Button
						type="submit"
						size="xs"
						leftSection={<RefreshCw size={14} />}
						loading={start.isPending}
						disabled={disabled}
					>
						Sync with these
					</Button>
					<Button
						size="xs"
						variant="default"
						leftSection={<RotateCcw size={14} />}
						loading={again.isPending}
						onClick={countAgain}
					>
						Count again without asking Meta
					</Button>
				</Group>
				<Text size="xs" c="dimmed">
					Counting again reads the answers that were kept: for when a figure here looks wrong and Meta need
					not be asked anew.
				</Text>
			</Stack>
		</form>
	);
}

/** The account is the one whose panel this stands in. */
function withoutAccount({ properties = {}, ...schema }: Schema = {}): Schema {
	const { ad_account_id: _, ...others } = properties;
	return { ...schema, properties: others };
}
