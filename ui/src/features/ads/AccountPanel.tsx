import { Alert, Badge, Button, Group, Stack, Tabs, Text, Title } from "@mantine/core";
import { Eye, FileUp, Plug } from "lucide-react";
import type { AdAccountOut, LinkOut } from "@/api/generated/types.gen";
import { failed, onItsWay, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { Breaking } from "@/shared/Breaking";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { capital } from "@/shared/numbers";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { TabLine } from "@/shared/TabLine";
import { Ago, day } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import classes from "./AdAccounts.module.css";
import {
	useAdAccount,
	useAdSync,
	useDisconnect,
	useLookAgain,
	useMakePrimary,
	useUnmap,
} from "./accountQueries";
import type { AccountView } from "./accountSearch";
import { CompareTab, MovedTab } from "./Comparing";
import { LinkStatus } from "./LinkStatus";
import { refused } from "./refused";
import { SyncSection } from "./SyncSection";
import { TakeAlong } from "./TakeAlong";

type Props = {
	id: string;
	view: AccountView | undefined;
	onView: (view: AccountView | undefined) => void;
	onClose: () => void;
	onReconnect: (brand: string) => void;
	onImport: () => void;
};

export function AccountPanel({ id, view, onView, onClose, onReconnect, onImport }: Props) {
	const account = useAdAccount(id);
	const sync = useAdSync(id);
	return (
		<SlideOver
			title={account.data?.name ?? "Ad account"}
			about={account.data?.platform === "file" ? "From imported tables" : account.data?.external_id}
			onClose={onClose}
		>
			{account.data?.platform === "meta" && (
				<Tabs
					value={view ?? "standing"}
					onChange={(value) => onView(value === "standing" ? undefined : (value as AccountView))}
					className={classes.tabs}
				>
					<TabLine open={view ?? "standing"}>
						<Tabs.Tab value="standing">Access and sync</Tabs.Tab>
						<Tabs.Tab value="compare">Against Meta</Tabs.Tab>
						<Tabs.Tab value="moved">How days moved</Tabs.Tab>
					</TabLine>
				</Tabs>
			)}
			{account.isPending || (account.data?.platform === "meta" && onItsWay(sync)) ? (
				<LoadingPanel what="ad account" />
			) : failed(account) ? (
				<ProblemPanel error={account.error} retry={account.refetch} />
			) : view === "compare" ? (
				<CompareTab account={id} />
			) : view === "moved" ? (
				<MovedTab account={id} />
			) : (
				<PanelBody>
					<Stack gap="lg">
						<Facts account={account.data} />
						<section aria-labelledby="connections">
							<Title order={3} size="h6" mb="xs" id="connections">
								Brands and access
							</Title>
							<Stack gap="md">
								{account.data.brands.length === 0 && (
									<Text size="sm" c="dimmed">
										It serves no brand. Its figures stay, and nothing new is read.
									</Text>
								)}
								{account.data.brands.map((link) => (
									<Link
										key={link.id}
										account={account.data}
										link={link}
										onReconnect={() => onReconnect(link.brand_id)}
									/>
								))}
							</Stack>
						</section>
						{/* Its sync moves what is below while it works. */}
						{account.data.platform === "meta" ? (
							<SyncSection account={account.data} />
						) : (
							<Import onImport={onImport} />
						)}
						<TakeAlong account={account.data} />
					</Stack>
				</PanelBody>
			)}
		</SlideOver>
	);
}

function Import({ onImport }: { onImport: () => void }) {
	const may = useCan("analyst");
	return (
		<Stack gap="xs" align="start">
			<Text size="sm">
				Its figures come from tables that are imported. A day that comes again replaces what it was.
			</Text>
			{may && (
				<Button size="xs" variant="default" leftSection={<FileUp size={14} />} onClick={onImport}>
					Import a table
				</Button>
			)}
		</Stack>
	);
}

function Facts({ account }: { account: AdAccountOut }) {
	const facts: [string, React.ReactNode][] = [
		["Currency", account.currency],
		["Time zone", <Breaking key="zone">{account.time_zone}</Breaking>],
		["Known since", day(account.created_at)],
	];
	if (account.platform === "meta") {
		facts.unshift(["At Meta", capital(account.standing)]);
		facts.push(
			["Business", account.business_name ?? "–"],
			["Looked at", account.checked_at ? <Ago key="at" at={account.checked_at} /> : "–"],
		);
	}
	return (
		<Stack gap="sm">
			{!account.delivers && (
				<Alert color="yellow" title={`At Meta it is ${account.standing}`}>
					{account.disabled_because && `Meta says that ${account.disabled_because}. `}
					What it did can still be read; its ads do not run.
				</Alert>
			)}
			<dl className={classes.facts}>
				{facts.map(([name, value]) => (
					<div key={name}>
						<dt>{name}</dt>
						<dd>{value}</dd>
					</div>
				))}
			</dl>
			<Text size="xs" c="dimmed">
				Its days begin at midnight in {account.time_zone}, and its money is {account.currency}: that is how
				Meta counts.
			</Text>
		</Stack>
	);
}

function Link({
	account,
	link,
	onReconnect,
}: {
	account: AdAccountOut;
	link: LinkOut;
	onReconnect: () => void;
}) {
	const may = useCan("admin");
	const mayOrder = useCan("analyst");
	const disconnect = useDisconnect();
	const unmap = useUnmap();
	const first = useMakePrimary();
	const again = useLookAgain();
	const path = { account_id: account.id, brand_id: link.brand_id };
	const onError = (error: unknown) => complain(sentence(error));
	const ill = link.status === "needs_you" || link.status === "revoked";
	const hasToken = link.status !== "disconnected" && link.status !== "revoked" && link.auth_method !== "file";
	return (
		<article className={classes.link} aria-label={`Access for ${link.brand_name}`}>
			<Group gap="xs">
				<Text fw={600}>{link.brand_name}</Text>
				<LinkStatus link={link} />
				{link.is_primary && <Badge color="gray">First</Badge>}
			</Group>
			{ill || link.status === "expiring" ? (
				<Alert color={ill ? "red" : "yellow"} title={link.says}>
					{link.what_to_do}
				</Alert>
			) : (
				<Text size="sm">
					{link.says} {link.what_to_do}
				</Text>
			)}
			<Text size="xs" c="dimmed">
				{whose(link)}
				{link.missing_scopes.length > 0 && ` Not given: ${link.missing_scopes.join(", ")}.`}
				{link.renews_at && hasToken && ` Renewed by itself on ${day(link.renews_at)}.`}
			</Text>
			<Group gap="xs">
				{may && link.auth_method !== "file" && (
					<Button
						size="xs"
						variant={ill ? "filled" : "default"}
						leftSection={<Plug size={14} />}
						onClick={onReconnect}
					>
						{link.status === "disconnected" ? "Connect again" : "Reconnect"}
					</Button>
				)}
				{may && link.status === "needs_you" && link.token !== "none" && (
					<Button
						size="xs"
						variant="default"
						leftSection={<Eye size={14} />}
						loading={again.isPending}
						onClick={() =>
							again.mutate(
								{ path: { connection_id: link.id } },
								{
									onSuccess: () => say("It can be read again"),
									onError: (error) => complain(refused(error, account.name)),
								},
							)
						}
					>
						Look again
					</Button>
				)}
				{mayOrder && !link.is_primary && (
					<Button
						size="xs"
						variant="default"
						loading={first.isPending}
						onClick={() => first.mutate({ path }, { onError })}
					>
						Make it the first
					</Button>
				)}
				{may && hasToken && (
					<ConfirmButton
						size="xs"
						question={`Disconnect ${account.name} from ${link.brand_name}?`}
						consequence="The token is deleted here, and nothing new is read. The mapping and all figures stay. At Meta you can remove the application under Settings → Business integrations."
						yes="Disconnect"
						loading={disconnect.isPending}
						onConfirm={() =>
							disconnect.mutate(
								{ path: { connection_id: link.id } },
								{ onSuccess: () => say("Disconnected; the token is deleted"), onError },
							)
						}
					>
						Disconnect
					</ConfirmButton>
				)}
				{may && !hasToken && (
					<ConfirmButton
						size="xs"
						question={`Take ${account.name} away from ${link.brand_name}?`}
						consequence="The brand no longer shows this account. The account's figures stay, and it can be connected with the brand again."
						yes="Take away"
						loading={unmap.isPending}
						onConfirm={() =>
							unmap.mutate(
								{ path },
								{ onSuccess: () => say(`It no longer serves ${link.brand_name}`), onError },
							)
						}
					>
						Take away from this brand
					</ConfirmButton>
				)}
			</Group>
		</article>
	);
}

function whose({ auth_method, token, subject_name, connected_at }: LinkOut): string {
	if (auth_method === "file") return "Read from imported tables.";
	const who = subject_name ?? "somebody";
	const since = day(connected_at);
	if (token === "none") return `It was connected on ${since}.`;
	if (token === "installation") return `Read with the installation's system user since ${since}.`;
	return auth_method === "oauth"
		? `Read with the login of ${who}, connected on ${since}.`
		: `Read with the system user ${who}, connected on ${since}.`;
}
