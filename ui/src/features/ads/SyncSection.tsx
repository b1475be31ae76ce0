import { Alert, Anchor, Button, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ChevronDown, ChevronUp, RefreshCw } from "lucide-react";
import { useState } from "react";
import type { AdAccountOut, LeftDays, SyncOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { RunProgress, RunState, reasonOf } from "@/features/jobs/RunState";
import { Advice } from "@/shared/Advice";
import { count, plural } from "@/shared/numbers";
import { Ago, day, moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { useAdSync, useStartSync, useSyncRun } from "./accountQueries";
import { SyncMore } from "./SyncMore";

/** How far the account is, the sync that is at work, and the button for one more. */
export function SyncSection({ account }: { account: AdAccountOut }) {
	const sync = useAdSync(account.id);
	const start = useStartSync();
	const may = useCan("analyst");
	const [more, setMore] = useState(false);
	const run = sync.data?.active_run_id ?? null;
	const readable = account.brands.some(({ status }) => status === "connected" || status === "expiring");
	return (
		<section aria-labelledby="sync">
			{/* Beside the title, where nothing that comes or goes moves the buttons. */}
			<Group justify="space-between" mb="xs">
				<Title order={3} size="h6" id="sync">
					Figures
				</Title>
				{may && (
					<Group gap="xs" wrap="nowrap">
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
						<Button
							size="xs"
							variant="subtle"
							aria-expanded={more}
							onClick={() => setMore(!more)}
							rightSection={more ? <ChevronUp size={14} /> : <ChevronDown size={14} />}
						>
							More
						</Button>
					</Group>
				)}
			</Group>
			<Stack gap="sm">
				{may && !readable && (
					<Text size="xs" c="dimmed">
						No token reads it at the moment: Brands and access, above, says what to do.
					</Text>
				)}
				{may && more && (
					<SyncMore account={account.id} disabled={run !== null || !readable} onDone={() => setMore(false)} />
				)}
				{sync.isError && (
					<Alert color="red" role="alert">
						{sentence(sync.error)}
					</Alert>
				)}
				{sync.data && (
					<Text size="sm">
						{known(sync.data)}{" "}
						{sync.data.last_ok_at && (
							<>
								Synced <Ago at={sync.data.last_ok_at} />.{" "}
							</>
						)}
						{sync.data.next_at && `Next by itself: ${moment(sync.data.next_at)}.`}
					</Text>
				)}
				{sync.data?.trouble && !run && <Trouble sync={sync.data} trouble={sync.data.trouble} />}
				{sync.data && <Besides sync={sync.data} />}
				{!run &&
					sync.data?.left.map((one) => (
						<Text key={`${one.what} ${one.since}`} size="sm" c="dimmed">
							{leftInWords(one)}
						</Text>
					))}
				{run && <AtWork id={run} />}
			</Stack>
		</section>
	);
}

/** How much is here, in a sentence. */
function known({ ads, facts_since, facts_until }: SyncOut): string {
	if (!facts_since || !facts_until) return "None are here yet.";
	const days = `from ${day(facts_since)} to ${day(facts_until)}`;
	if (ads === 0) return `Meta knows no ad of this account, and no figures ${days}: nothing is missing here.`;
	return `${plural(ads, "ad")}, by day ${days}.`;
}

/** Why the last sync did not go through, and what helps; in Meta's own words as well, for whoever looks them up. */
function Trouble({ sync, trouble }: { sync: SyncOut; trouble: NonNullable<SyncOut["trouble"]> }) {
	const last = sync.runs[0]?.id;
	return (
		<Alert color="yellow" title={trouble.says} role="alert">
			<Stack gap={6}>
				<Text size="sm">
					<Advice>{trouble.what_to_do}</Advice>
				</Text>
				{trouble.said && (
					<Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
						{trouble.said}
					</Text>
				)}
				<Group gap="md">
					<Anchor href={`/errors/${trouble.code}`} target="_blank" size="sm">
						More about {trouble.code}
					</Anchor>
					{last && (
						<Anchor size="sm" renderRoot={(props) => <Link to="/jobs" search={{ run: last }} {...props} />}>
							What the sync did
						</Anchor>
					)}
				</Group>
			</Stack>
		</Alert>
	);
}

/** What else is to be known of what came in: pictures and films, and what Meta tells that nobody here knows. */
function Besides({ sync: { assets, unknown_fields } }: { sync: SyncOut }) {
	const { downloaded = 0, wanted = 0, failed = 0, not_downloadable = 0 } = assets;
	const missing = failed + not_downloadable;
	const names = unknown_fields.map(({ name }) => name);
	return (
		<>
			{downloaded + wanted + missing > 0 && (
				<Text size="xs" c="dimmed">
					{plural(downloaded, "picture or film", "pictures and films")} here
					{wanted > 0 && `, ${count(wanted)} come with the next syncs`}
					{missing > 0 && `, ${count(missing)} cannot be had: each ad says why`}.
				</Text>
			)}
			{names.length > 0 && (
				<Text size="xs" c="dimmed">
					Meta also tells what is not known here: {names.slice(0, 4).join(", ")}
					{names.length > 4 && ` and ${count(names.length - 4)} more`}. It is kept with its answers, and
					counts nowhere.
				</Text>
			)}
		</>
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
			{run.data.state === "waiting" && (
				<Text size="sm">{reasonOf(run.data)}. What came in is kept; nobody need do anything.</Text>
			)}
		</Stack>
	);
}
