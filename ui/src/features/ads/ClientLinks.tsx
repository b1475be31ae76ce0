import { Alert, Badge, Button, Group, NumberInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { Link2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { ConnectLinkMade, ConnectLinkOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { Secret } from "@/features/tenancy/Secret";
import { plural } from "@/shared/numbers";
import { Ago, day } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import classes from "./AdAccounts.module.css";
import { useConnectLinks, useMakeConnectLink, useTakeBackConnectLink } from "./accountQueries";

/** Asking a client to connect: a link that is good for once, and those that were made before. */
export function ClientLinks({ brand }: { brand: string | undefined }) {
	const make = useMakeConnectLink();
	const [label, setLabel] = useState("");
	const [days, setDays] = useState<number | string>(7);
	const [made, setMade] = useState<ConnectLinkMade | null>(null);
	const links = useConnectLinks(brand);
	// One that was used or taken back meanwhile need not be sent any more.
	const isOver = links.data?.items.some(({ id, state }) => id === made?.id && state !== "open");
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (!brand) return;
		make.mutate(
			{ body: { brand_id: brand, label: label.trim(), days: Number(days) || 7 } },
			{
				onSuccess: (link) => {
					setMade(link);
					setLabel("");
				},
			},
		);
	};
	return (
		<section className={classes.way} aria-labelledby="by-link">
			<Title order={3} size="h6" id="by-link">
				Ask a client to connect
			</Title>
			<Text size="sm">
				A link for somebody who has no account here: they log in at Meta and choose their own ad accounts. It
				serves this brand alone, is good for once, and can be taken back.
			</Text>
			{make.isError && (
				<Alert color="red" role="alert">
					{sentence(make.error)}
				</Alert>
			)}
			{made && made.brand_id === brand && !isOver && (
				<Secret title="Send this to them. It is shown only now" secret={made.url}>
					For {made.brand_name}.
				</Secret>
			)}
			<form onSubmit={submit}>
				<Stack gap="xs">
					<Group gap="xs" grow preventGrowOverflow={false} align="end" wrap="wrap">
						<TextInput
							label="For whom"
							description="Only you see it"
							placeholder="Ms Brandt, Tallow"
							maxLength={100}
							value={label}
							onChange={(event) => setLabel(event.currentTarget.value)}
						/>
						<NumberInput
							label="Days"
							description="Then it ends"
							min={1}
							max={30}
							allowDecimal={false}
							w={110}
							value={days}
							onChange={setDays}
						/>
					</Group>
					<Button
						type="submit"
						variant="default"
						leftSection={<Link2 size={16} />}
						disabled={!brand}
						loading={make.isPending}
					>
						Make the link
					</Button>
				</Stack>
			</form>
			<LinksMade links={links} />
		</section>
	);
}

function LinksMade({ links }: { links: ReturnType<typeof useConnectLinks> }) {
	if (links.isError)
		return (
			<Text size="sm" c="red" role="alert">
				{sentence(links.error)}
			</Text>
		);
	if (!links.data || links.data.items.length === 0) return null;
	return (
		<ul className={classes.offered} aria-label="Links made">
			{links.data.items.map((link) => (
				<Row key={link.id} link={link} />
			))}
		</ul>
	);
}

const STATES: Record<ConnectLinkOut["state"], { color: string; word: string }> = {
	open: { color: "blue", word: "open" },
	used: { color: "green", word: "used" },
	revoked: { color: "gray", word: "taken back" },
	expired: { color: "gray", word: "ended" },
};

function Row({ link }: { link: ConnectLinkOut }) {
	const takeBack = useTakeBackConnectLink();
	const { color, word } = STATES[link.state];
	return (
		<li>
			<Group justify="space-between" gap="xs">
				<div>
					<Text size="sm" fw={550}>
						{link.label || "A client"}
					</Text>
					<Text size="xs" c="dimmed">
						{what(link)}
						{link.state === "open" && link.opened_at && (
							<>
								{" "}
								· opened <Ago at={link.opened_at} />
							</>
						)}
					</Text>
				</div>
				<Group gap="xs">
					<Badge color={color} variant="light">
						{word}
					</Badge>
					{link.state === "open" && (
						<Button
							size="compact-sm"
							variant="default"
							loading={takeBack.isPending}
							aria-label={`Take back the link for ${link.label || "a client"}`}
							onClick={() =>
								takeBack.mutate(
									{ path: { link_id: link.id } },
									{
										onSuccess: () => say("The link works no longer"),
										onError: (error) => complain(sentence(error)),
									},
								)
							}
						>
							Take back
						</Button>
					)}
				</Group>
			</Group>
		</li>
	);
}

function what({ state, accounts, used_by, used_at, expires_at }: ConnectLinkOut): string {
	if (state === "used" && used_at)
		return [plural(accounts, "account"), used_by && `by ${used_by}`, day(used_at)]
			.filter(Boolean)
			.join(" · ");
	return `${state === "expired" ? "ended" : "until"} ${day(expires_at)}`;
}
