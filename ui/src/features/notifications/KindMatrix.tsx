import { Checkbox, Text, Title } from "@mantine/core";
import type { ChoiceOut, NewChoice, PreferencesOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { complain } from "@/shared/undo";
import classes from "./Notifications.module.css";
import { useChoose, useMail } from "./queries";

/** Kinds of notices by the places where one hears of them. Each box is kept as soon as it is ticked. */
export function KindMatrix({ preferences }: { preferences: PreferencesOut }) {
	const choose = useChoose();
	const mail = useMail();
	const noMail = mail.data && (!mail.data.configured || mail.data.zero_egress);
	const change = (kind: string, body: NewChoice) =>
		choose.mutate({ path: { kind }, body }, { onError: (error) => complain(sentence(error)) });
	const groups = new Map<string, ChoiceOut[]>();
	for (const choice of preferences.choices) {
		groups.set(choice.category, [...(groups.get(choice.category) ?? []), choice]);
	}
	return (
		<section aria-labelledby="what">
			<Title order={2} size="h5" id="what">
				What you hear
			</Title>
			<Text size="sm" c="dimmed" mb="xs">
				In the app means under the bell, with its count; what is not ticked is in the history all the same.
			</Text>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
			<section className={classes.sheet} tabIndex={0} aria-label="What you hear, as a table">
				<table className={classes.matrix}>
					<thead>
						<tr>
							<th scope="col">Notice</th>
							<th scope="col">
								In{"\u00a0"}the{"\u00a0"}app
							</th>
							<th scope="col">E-mail</th>
							{preferences.channels.map(({ id, name }) => (
								<th key={id} scope="col">
									{name}
								</th>
							))}
						</tr>
					</thead>
					{[...groups].map(([category, choices]) => (
						<tbody key={category}>
							<tr>
								<th scope="rowgroup" colSpan={3 + preferences.channels.length}>
									{category}
								</th>
							</tr>
							{choices.map((choice) => (
								<Row
									key={choice.kind}
									choice={choice}
									preferences={preferences}
									mailOff={!preferences.email || noMail === true}
									onChange={(body) => change(choice.kind, body)}
								/>
							))}
						</tbody>
					))}
				</table>
			</section>
			{noMail && (
				<Text size="xs" c="dimmed" mt="xs">
					No mail server is configured, so nothing is mailed yet.
				</Text>
			)}
		</section>
	);
}

type RowProps = {
	choice: ChoiceOut;
	preferences: PreferencesOut;
	mailOff: boolean;
	onChange: (body: NewChoice) => void;
};

function Row({ choice, preferences, mailOff, onChange }: RowProps) {
	const { title, app, email, channels } = choice;
	return (
		<tr>
			<th scope="row">{title}</th>
			<td>
				<Checkbox
					aria-label={`${title}: in the app`}
					checked={app}
					onChange={({ currentTarget }) => onChange({ app: currentTarget.checked })}
				/>
			</td>
			<td>
				<Checkbox
					aria-label={`${title}: by e-mail`}
					checked={email && preferences.email}
					disabled={mailOff}
					onChange={({ currentTarget }) => onChange({ email: currentTarget.checked })}
				/>
			</td>
			{preferences.channels.map(({ id, name }) => (
				<td key={id}>
					<Checkbox
						aria-label={`${title}: on ${name}`}
						checked={channels.includes(id)}
						onChange={({ currentTarget }) => onChange({ channels: { [id]: currentTarget.checked } })}
					/>
				</td>
			))}
		</tr>
	);
}
