import { Alert, Button, Checkbox, Group, MultiSelect, Stack, Text, TextInput, Title } from "@mantine/core";
import { ExternalLink } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { LoginOut, OfferedAccount } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { plural } from "@/shared/numbers";
import { PanelBody, PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { say } from "@/shared/undo";
import classes from "./AdAccounts.module.css";
import { useAdLogin, useBeginLogin, useBrandChoices, useChooseAccounts } from "./accountQueries";
import { BackToBusinesses, BusinessStep, EVERY } from "./BusinessStep";
import { type From, leaveFrom } from "./comingBack";

type Props = {
	id: string;
	/** Where one comes back to from Meta's dialog, if it is asked again. */
	from: From;
	onClose: () => void;
	onAgain: (brand: string) => void;
};

const MANY = 8;

export function ChoosePanel({ id, from, onClose, onAgain }: Props) {
	const login = useAdLogin(id);
	return (
		<SlideOver
			title={login.data?.outcome === "choose" ? "Choose ad accounts" : "Connect ad accounts"}
			about={
				login.data &&
				(login.data.subject_name
					? `As ${login.data.subject_name}, for ${login.data.brand_name}`
					: `For ${login.data.brand_name}`)
			}
			onClose={onClose}
		>
			{login.isPending ? (
				<LoadingPanel what="ad accounts" />
			) : login.isError ? (
				<ProblemPanel error={login.error} />
			) : login.data.outcome === "choose" ? (
				<Choose login={login.data} from={from} />
			) : (
				<Nothing login={login.data} from={from} onAgain={onAgain} />
			)}
		</SlideOver>
	);
}

/** Nothing to choose: what happened, and the way on. */
function Nothing({
	login,
	from,
	onAgain,
}: {
	login: LoginOut;
	from: From;
	onAgain: (brand: string) => void;
}) {
	const again = login.outcome === "declined" || login.outcome === "partial";
	return (
		<PanelBody>
			<Stack gap="md">
				<Alert color={login.outcome === "declined" ? "gray" : "yellow"} title={login.says}>
					{login.what_to_do}
				</Alert>
				{again ? (
					<AskAgain login={login} from={from} />
				) : (
					<Group gap="xs">
						<Button onClick={() => onAgain(login.brand_id)}>Connect once more</Button>
					</Group>
				)}
				<Missing login={login} />
			</Stack>
		</PanelBody>
	);
}

/** Meta's dialog once more, which asks for what was switched off there. */
function AskAgain({ login, from, small }: { login: LoginOut; from: From; small?: true }) {
	const begin = useBeginLogin();
	return (
		<>
			{begin.isError && (
				<Alert color="red" role="alert">
					{sentence(begin.error)}
				</Alert>
			)}
			<Group gap="xs">
				<Button
					{...(small && { size: "xs", variant: "default" })}
					leftSection={<ExternalLink size={small ? 14 : 16} />}
					loading={begin.isPending || begin.isSuccess}
					onClick={() =>
						begin.mutate(
							{ body: { brand_id: login.brand_id, again: true } },
							{
								onSuccess: ({ dialog_url }) => {
									leaveFrom(from);
									window.location.assign(dialog_url);
								},
							},
						)
					}
				>
					Ask again
				</Button>
			</Group>
		</>
	);
}

function Choose({ login, from }: { login: LoginOut; from: From }) {
	const { done } = usePanel();
	const brands = useBrandChoices();
	const choose = useChooseAccounts();
	const [q, setQ] = useState("");
	const usable = login.accounts.filter((account) => account.usable);
	const [chosen, setChosen] = useState<Record<string, string[]>>(() => before(login, usable));
	const picked = usable.filter(({ external_id }) => chosen[external_id]);
	const incomplete = picked.some(({ external_id }) => chosen[external_id]?.length === 0);
	const several = login.businesses.length > 1;
	const [business, setBusiness] = useState<string | null>(several ? null : EVERY);
	const [last, setLast] = useState<string | null>(null);
	const inIt = login.businesses.find(({ id }) => id === business)?.account_ids;
	const listed = inIt
		? login.accounts.filter(({ external_id }) => inIt.includes(external_id))
		: login.accounts;
	const readable = listed.filter((account) => account.usable);
	const all = readable.every(({ external_id }) => chosen[external_id]);
	const words = q.toLowerCase();
	const shown = listed.filter((account) =>
		[account.name, account.external_id, account.business_name ?? ""].some((text) =>
			text.toLowerCase().includes(words),
		),
	);
	const set = (id: string, ids: string[] | undefined) =>
		setChosen(({ [id]: _, ...others }) => (ids ? { ...others, [id]: ids } : others));
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const accounts = picked.map(({ external_id }) => ({
			external_id,
			brand_ids: chosen[external_id] ?? [],
		}));
		choose.mutate(
			{ path: { login_id: login.id }, body: { accounts } },
			{
				onSuccess: () => {
					say(`${plural(accounts.length, "account")} connected`);
					done();
				},
			},
		);
	};
	return (
		<PanelForm
			onSubmit={submit}
			dirty={picked.length > 0 && !choose.isSuccess}
			saving={choose.isPending}
			save={picked.length === 0 ? "Connect" : `Connect ${plural(picked.length, "account")}`}
			disabled={picked.length === 0 || incomplete}
		>
			<Stack gap="md">
				{choose.isError && (
					<Alert color="red" role="alert">
						{sentence(choose.error)}
					</Alert>
				)}
				{login.missing_scopes.length > 0 && (
					<Alert color="yellow" title={`Not given: ${login.missing_scopes.join(", ")}`}>
						<Stack gap="xs">
							<Text size="sm">
								Numbers can be read; the names of businesses may be missing.{" "}
								{login.auth_method === "oauth"
									? "You can go on, or have Meta ask again and leave everything switched on."
									: "You can go on, or give the system user's token that permission, too."}
							</Text>
							{login.auth_method === "oauth" && <AskAgain login={login} from={from} small />}
						</Stack>
					</Alert>
				)}
				{several && business === null && (
					<BusinessStep
						businesses={login.businesses}
						total={login.accounts.length}
						picked={new Set(picked.map(({ external_id }) => external_id))}
						last={last}
						onChoose={(id) => {
							setBusiness(id);
							setLast(id);
						}}
					/>
				)}
				{several && business !== null && (
					<BackToBusinesses
						name={
							business === EVERY
								? "All businesses"
								: (login.businesses.find(({ id }) => id === business)?.name ?? "")
						}
						onBack={() => {
							setBusiness(null);
							setQ("");
						}}
					/>
				)}
				{business !== null && listed.length > MANY && (
					<TextInput
						aria-label="Search accounts"
						placeholder="Name, number or business"
						value={q}
						onChange={(event) => setQ(event.currentTarget.value)}
					/>
				)}
				{business !== null && (
					<>
						<Group justify="space-between">
							<Text size="sm" c="dimmed">
								{plural(listed.length, "account")}
								{readable.length < listed.length && `, ${readable.length} can be read`}
							</Text>
							<Button
								size="compact-sm"
								variant="subtle"
								disabled={readable.length === 0}
								onClick={() => setChosen((old) => toggled(old, readable, login.brand_id, all))}
							>
								{all && readable.length > 0 ? "None" : "All"}
							</Button>
						</Group>
						<ul className={classes.offered} aria-label="Ad accounts">
							{shown.map((account) => (
								<Offered
									key={account.external_id}
									account={account}
									brands={brands.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
									chosen={chosen[account.external_id]}
									onChange={(ids) => set(account.external_id, ids)}
									fallback={login.brand_id}
								/>
							))}
						</ul>
					</>
				)}
				<Missing login={login} />
			</Stack>
		</PanelForm>
	);
}

/** All of them, or none of them; what is ticked elsewhere stays. */
function toggled(
	chosen: Record<string, string[]>,
	accounts: OfferedAccount[],
	brand: string,
	all: boolean,
): Record<string, string[]> {
	const others = Object.entries(chosen).filter(
		([id]) => !accounts.some(({ external_id }) => external_id === id),
	);
	const these = accounts.map(({ external_id, brand_ids }): [string, string[]] => [
		external_id,
		chosen[external_id] ?? (brand_ids.length > 0 ? brand_ids : [brand]),
	]);
	return Object.fromEntries(all ? others : [...others, ...these]);
}

type OfferedProps = {
	account: OfferedAccount;
	brands: { value: string; label: string }[];
	chosen: string[] | undefined;
	onChange: (ids: string[] | undefined) => void;
	fallback: string;
};

function Offered({ account, brands, chosen, onChange, fallback }: OfferedProps) {
	const facts = [
		account.business_name,
		account.external_id,
		account.currency,
		account.time_zone,
		account.standing === "active" ? null : account.standing,
	];
	return (
		<li>
			<Checkbox
				checked={chosen !== undefined}
				disabled={!account.usable}
				onChange={(event) =>
					onChange(
						event.currentTarget.checked
							? account.brand_ids.length > 0
								? account.brand_ids
								: [fallback]
							: undefined,
					)
				}
				label={account.name}
				description={facts.filter(Boolean).join(" · ")}
			/>
			{account.why && (
				<Text size="xs" c={account.usable ? "dimmed" : "red"} className={classes.brands}>
					{account.why}
				</Text>
			)}
			{chosen !== undefined && (
				<MultiSelect
					className={classes.brands}
					aria-label={`Brands that ${account.name} serves`}
					placeholder={chosen.length === 0 ? "At least one brand" : undefined}
					data={brands}
					value={chosen}
					onChange={onChange}
					error={chosen.length === 0}
					searchable
				/>
			)}
		</li>
	);
}

function Missing({ login }: { login: LoginOut }) {
	if (login.missing.length === 0) return null;
	return (
		<section aria-labelledby="missing">
			<Title order={3} size="h6" id="missing">
				Not among them
			</Title>
			<ul className={classes.offered}>
				{login.missing.map(({ external_id, name, why }) => (
					<li key={external_id}>
						<Text size="sm" fw={550}>
							{name || external_id}
						</Text>
						<Text size="xs" c="dimmed">
							{why}
						</Text>
					</li>
				))}
			</ul>
		</section>
	);
}

/** What was connected with this brand before is ticked; where there is only one account, it is that. */
function before(login: LoginOut, usable: OfferedAccount[]): Record<string, string[]> {
	const mine = usable.filter(({ brand_ids }) => brand_ids.includes(login.brand_id));
	if (mine.length > 0)
		return Object.fromEntries(mine.map(({ external_id, brand_ids }) => [external_id, brand_ids]));
	return usable.length === 1 && usable[0] ? { [usable[0].external_id]: [login.brand_id] } : {};
}
