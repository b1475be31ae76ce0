import { Alert, Anchor, Button, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { RefreshCw } from "lucide-react";
import type { AdAccountOut, LeftDays } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { RunProgress, RunState } from "@/features/jobs/RunState";
import { plural } from "@/shared/numbers";
import { Ago, day, moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { useAdSync, useStartSync, useSyncRun } from "./accountQueries";

/** How far the account is, the sync that is at work, and the button for one more. */
export function SyncSection({ account }: { account: AdAccountOut }) {
	const sync = useAdSync(account.id);
	const start = useStartSync();
	const may = useCan("analyst");
	const run = sync.data?.active_run_id ?? null;
	const readable = account.brands.some(({ status }) => status === "connected" || status === "expiring");
	return (
		<section aria-labelledby="sync">
			<Title order={3} size="h6" mb="xs" id="sync">
				Figures
			</Title>
			<Stack gap="sm">
				{sync.isError && (
					<Alert color="red" role="alert">
						{sentence(sync.error)}
					</Alert>
				)}
				{sync.data && (
					<Text size="sm">
						{sync.data.facts_since && sync.data.facts_until
							? `${plural(sync.data.ads, "ad")}, by day from ${day(sync.data.facts_since)} to ${day(sync.data.facts_until)}. `
							: "None are here yet. "}
						{sync.data.last_ok_at && (
							<>
								Synced <Ago at={sync.data.last_ok_at} />.{" "}
							</>
						)}
						{sync.data.next_at && `Next by itself: ${moment(sync.data.next_at)}.`}
					</Text>
				)}
				{sync.data?.error_detail && !run && (
					<Alert color="yellow" title="The last sync did not go through">
						{sync.data.error_detail} What is here stays; the next one goes on from there.
					</Alert>
				)}
				{!run &&
					sync.data?.left.map((one) => (
						<Text key={`${one.what} ${one.since}`} size="sm" c="dimmed">
							{leftInWords(one)}
						</Text>
					))}
				{run && <AtWork id={run} />}
				{may && (
					<Group gap="xs">
						<Button
							size="xs"
							variant="default"
							leftSection={<RefreshCw size={14} />}
							loading={start.isPending}
							disabled={run !== null || !readable}
							onClick={() =>
								start.mutate(
									{ path: { account_id: account.id }, body: {} },
									{
										onSuccess: () => say("The sync is on its way"),
										onError: (error) => complain(sentence(error)),
									},
								)
							}
						>
							Sync now
						</Button>
						{!readable && (
							<Text size="xs" c="dimmed">
								Reconnect first: nobody's token reads it.
							</Text>
						)}
					</Group>
				)}
			</Stack>
		</section>
	);
}

/** What the last sync left for later. */
function leftInWords({ what, since, until, why, again_at }: LeftDays) {
	const days = `${day(since)} to ${day(until)}`;
	const then = moment(again_at);
	if (what === "unreadable")
		return `${days} could not be read: ${why}. They are tried again from ${then} on.`;
	if (what === "older") return `Older days, ${days}, wait until ${then} to be read again: ${why}.`;
	return `How many people were reached from ${days} is asked for after ${then}: ${why}.`;
}

function AtWork({ id }: { id: string }) {
	const run = useSyncRun(id);
	if (!run.data) return null;
	return (
		<Stack gap={6} role="status" aria-label="Sync at work">
			<Group gap="xs">
				<RunState state={run.data.state} />
				<Anchor size="sm" renderRoot={(props) => <Link to="/jobs" search={{ run: id }} {...props} />}>
					What it does
				</Anchor>
			</Group>
			<RunProgress run={run.data} figures />
		</Stack>
	);
}
