import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { Plug } from "lucide-react";
import { useState } from "react";
import type { AdAccountOut, BrandOut, LinkOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { RowName } from "@/shared/DataTable";
import { PanelBody } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import classes from "./AdAccounts.module.css";
import { useAdAccounts } from "./accountQueries";
import { ConnectWays } from "./ConnectWays";
import { LinkStatus } from "./LinkStatus";

/** The ad accounts of a brand: how each stands, and the way to connect more. */
export function BrandAccountsTab({ brand }: { brand: BrandOut }) {
	const accounts = useAdAccounts();
	const may = useCan("admin");
	const navigate = useNavigate();
	const [connecting, setConnecting] = useState(false);
	const toLogin = (login: string) => void navigate({ to: "/ad-accounts", search: { login, from: brand.id } });
	if (accounts.isPending) return <LoadingPanel what="ad accounts" />;
	if (failed(accounts)) return <ProblemPanel error={accounts.error} retry={accounts.refetch} />;
	const own = accounts.data.items.flatMap((account) =>
		account.brands.filter(({ brand_id }) => brand_id === brand.id).map((link) => ({ account, link })),
	);
	if (connecting || (own.length === 0 && may))
		return <ConnectWays brand={brand.id} from={{ from: brand.id }} onLogin={toLogin} />;
	return (
		<PanelBody>
			<Stack gap="md">
				{own.length === 0 && (
					<Text size="sm" c="dimmed">
						No ad account serves {brand.name}. An administrator can connect one.
					</Text>
				)}
				{own.map(({ account, link }) => (
					<Own
						key={link.id}
						account={account}
						link={link}
						onOpen={() => void navigate({ to: "/ad-accounts", search: { account: account.id } })}
					/>
				))}
				{may && (
					<Group gap="xs">
						<Button leftSection={<Plug size={16} />} onClick={() => setConnecting(true)}>
							{own.some(({ link }) => link.status !== "connected") ? "Reconnect" : "Connect more"}
						</Button>
					</Group>
				)}
			</Stack>
		</PanelBody>
	);
}

function Own({ account, link, onOpen }: { account: AdAccountOut; link: LinkOut; onOpen: () => void }) {
	return (
		<article className={classes.link} aria-label={account.name}>
			<Group gap="xs" justify="space-between">
				<div>
					<RowName onClick={onOpen}>{account.name}</RowName>
					<Text size="xs" c="dimmed">
						{[account.external_id, account.currency, account.time_zone].join(" · ")}
					</Text>
				</div>
				<LinkStatus link={link} />
			</Group>
			{link.status === "connected" ? (
				<Text size="sm">{link.says}</Text>
			) : (
				<Alert
					color={link.status === "expiring" ? "yellow" : link.status === "disconnected" ? "gray" : "red"}
					title={link.says}
				>
					{link.what_to_do}
				</Alert>
			)}
		</article>
	);
}
