import { ActionIcon, Alert, Button, CopyButton, Select, Stack, Text, Title } from "@mantine/core";
import { Check, Copy, ExternalLink, KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { ConnectOptions } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { later } from "@/shared/later";
import { SecretField } from "@/shared/SecretField";
import { PanelBody } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import classes from "./AdAccounts.module.css";
import { useBeginLogin, useBrandChoices, useConnectOptions, useGiveToken } from "./accountQueries";
import { type From, leaveFrom } from "./comingBack";
import { refused } from "./refused";

const ClientLinks = later(async () => (await import("./ClientLinks")).ClientLinks);

type Props = {
	brand: string | undefined;
	/** Where one comes back to from Meta's dialog. */
	from?: From | undefined;
	onLogin: (id: string) => void;
};

/** The ways to connect: a login at Meta, a system user's token, or the installation's own. */
export function ConnectWays({ brand: given, from = {}, onLogin }: Props) {
	const options = useConnectOptions();
	const brands = useBrandChoices();
	const [chosen, setChosen] = useState<string | null>(null);
	if (options.isPending || brands.isPending) return <LoadingPanel what="ways to connect" />;
	if (failed(options)) return <ProblemPanel error={options.error} retry={options.refetch} />;
	if (failed(brands)) return <ProblemPanel error={brands.error} retry={brands.refetch} />;
	const own = brands.data.items.filter(({ kind }) => kind !== "competitor");
	const brand = given ?? chosen ?? (own.length === 1 ? own[0]?.id : undefined);
	return (
		<PanelBody>
			<Stack gap="md">
				{!given && (
					<Select
						label="For which brand"
						description="An account can serve several; more are added in the next step"
						placeholder={own.length === 0 ? "There is no brand yet: watch one first" : "Choose"}
						data={own.map(({ id, name }) => ({ value: id, label: name }))}
						value={brand ?? null}
						onChange={setChosen}
						searchable={own.length > 8}
					/>
				)}
				{options.data.is_set_up ? (
					<>
						<Facebook brand={brand} from={from} forBusiness={options.data.for_business} />
						<SystemUser brand={brand} options={options.data} onLogin={onLogin} />
						<ClientLinks brand={brand} />
						<Text size="xs" c="dimmed">
							Asked for: {options.data.scopes.join(" and ")}, to read. No ad and no budget is ever changed.
							Tokens are kept sealed and shown to nobody.
						</Text>
					</>
				) : (
					<NotSetUp options={options.data} />
				)}
			</Stack>
		</PanelBody>
	);
}

type FacebookProps = { brand: string | undefined; from: From; forBusiness: boolean };

function Facebook({ brand, from, forBusiness }: FacebookProps) {
	const begin = useBeginLogin();
	return (
		<section className={classes.way} aria-labelledby="by-login">
			<Title order={3} size="h6" id="by-login">
				Log in at Meta
			</Title>
			<Text size="sm">
				{forBusiness
					? "Facebook Login for Business: you choose the business and its accounts there, and access stays when a person leaves."
					: "As somebody with a role on the ad accounts. Meta wants that login again every 90 days; we tell you in time."}
			</Text>
			{begin.isError && (
				<Alert color="red" role="alert">
					{sentence(begin.error)}
				</Alert>
			)}
			<Button
				leftSection={<ExternalLink size={16} />}
				disabled={!brand}
				loading={begin.isPending || begin.isSuccess}
				onClick={() =>
					brand &&
					begin.mutate(
						{ body: { brand_id: brand } },
						{
							onSuccess: ({ dialog_url }) => {
								leaveFrom(from);
								window.location.assign(dialog_url);
							},
						},
					)
				}
			>
				Connect Facebook
			</Button>
		</section>
	);
}

function SystemUser({ brand, options, onLogin }: Omit<Props, "from"> & { options: ConnectOptions }) {
	const give = useGiveToken();
	const [token, setToken] = useState("");
	const look = (given: string | null) =>
		brand && give.mutate({ body: { brand_id: brand, token: given } }, { onSuccess: ({ id }) => onLogin(id) });
	const submit = (event: FormEvent) => {
		event.preventDefault();
		look(token.trim());
	};
	return (
		<section className={classes.way} aria-labelledby="by-token">
			<Title order={3} size="h6" id="by-token">
				Use a system user
			</Title>
			<Text size="sm">
				For your own business: its token needs no person, and need not expire. Make one in Meta's business
				settings under System users, for this installation's application, with ads_read.
			</Text>
			{give.isError && (
				<Alert color="red" role="alert">
					{refused(give.error)}
				</Alert>
			)}
			<form onSubmit={submit}>
				<Stack gap="xs">
					<SecretField
						label="Token"
						autoComplete="off"
						value={token}
						onChange={(event) => setToken(event.currentTarget.value)}
					/>
					<Button
						type="submit"
						variant="default"
						leftSection={<KeyRound size={16} />}
						disabled={!brand || !token.trim()}
						loading={give.isPending}
					>
						See what it can read
					</Button>
				</Stack>
			</form>
			{options.system_user === "allowed" && (
				<Button variant="default" disabled={!brand} loading={give.isPending} onClick={() => look(null)}>
					Use this installation's system user
				</Button>
			)}
			{options.system_user === "not_allowed" && (
				<Text size="xs" c="dimmed">
					This installation has a system user of its own, and this organization may not use it. Whoever runs
					it can allow that (BRANDHOUND_META_SYSTEM_USER_ORGANIZATIONS).
				</Text>
			)}
		</section>
	);
}

/** No application at Meta yet: what the operator has to do, with the addresses to enter there. */
function NotSetUp({ options }: { options: ConnectOptions }) {
	const addresses: [string, string][] = [
		["Valid OAuth Redirect URIs", options.redirect_uri],
		["Deauthorize callback URL", options.deauthorize_url],
		["Data deletion request URL", options.data_deletion_url],
	];
	return (
		<Stack gap="sm">
			<Alert color="yellow" title="This installation has no application at Meta yet">
				{options.may_operate
					? "Make one of type Business at developers.facebook.com, enter the addresses below, and set BRANDHOUND_META_APP_ID and BRANDHOUND_META_APP_SECRET. For the accounts of your own business no review is needed."
					: "Ask whoever runs it: it takes an application of their own at Meta, and for the accounts of your own business no review."}
			</Alert>
			{options.may_operate &&
				addresses.map(([name, address]) => (
					<div key={name}>
						<Text size="sm" fw={550}>
							{name}
						</Text>
						<div className={classes.address}>
							<code>{address}</code>
							<CopyButton value={address}>
								{({ copied, copy }) => (
									<ActionIcon
										variant="subtle"
										color={copied ? "green" : "gray"}
										onClick={copy}
										aria-label={`Copy ${name}`}
									>
										{copied ? <Check size={15} /> : <Copy size={15} />}
									</ActionIcon>
								)}
							</CopyButton>
						</div>
					</div>
				))}
		</Stack>
	);
}
