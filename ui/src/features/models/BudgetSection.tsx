import { Alert, Button, Group, NumberInput, Progress, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import type { ModelBudgetOut } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { fromDollars, money, tokens } from "@/shared/money";
import { moment } from "@/shared/time";
import { say } from "@/shared/undo";
import { useSetBudget } from "./queries";

/** What may be spent this month, what was, and what calls under way may still take. */
export function BudgetSection({ budget }: { budget: ModelBudgetOut }) {
	const may = useCan("admin");
	// Not known at first: the button takes the focus back from its form, and from nothing else.
	const [changing, change] = useState<boolean>();
	return (
		<section aria-labelledby="budget">
			<Group justify="space-between" align="flex-end" mb="sm">
				<div>
					<Title order={2} size="h5" id="budget">
						This month
					</Title>
					<Text size="sm" c="dimmed">
						When it is spent the embedded analysis goes on alone; it begins anew{" "}
						{moment(budget.begins_anew_at)}
					</Text>
				</div>
				{may && !changing && (
					<Button variant="default" size="xs" autoFocus={changing === false} onClick={() => change(true)}>
						Change
					</Button>
				)}
			</Group>
			<Stack gap="sm">
				<Meter
					label="Spent"
					text={`${money(budget.spent_micros)} of ${money(budget.limit_micros)}`}
					used={budget.spent_micros}
					reserved={budget.reserved_micros}
					most={budget.limit_micros}
				/>
				<Meter
					label="Tokens"
					text={`${tokens(budget.spent_tokens)} of ${tokens(budget.limit_tokens)}`}
					used={budget.spent_tokens}
					reserved={budget.reserved_tokens}
					most={budget.limit_tokens}
				/>
			</Stack>
			{changing && <BudgetForm budget={budget} onDone={() => change(false)} />}
		</section>
	);
}

type MeterProps = { label: string; text: string; used: number; reserved: number; most: number };

function Meter({ label, text, used, reserved, most }: MeterProps) {
	const share = most > 0 ? Math.min(1, used / most) : 1;
	const held = most > 0 ? Math.min(1 - share, reserved / most) : 0;
	return (
		<div>
			<Group justify="space-between" gap="xs">
				<Text size="sm">{label}</Text>
				<Text size="sm" className="numeric">
					{text}
				</Text>
			</Group>
			<Progress.Root mt={4} size="sm">
				<Progress.Section
					value={share * 100}
					color={share >= 1 ? "red" : share >= 0.8 ? "yellow" : "iris"}
					aria-label={`${label}: ${text}`}
				/>
				{held > 0 && (
					<Progress.Section
						value={held * 100}
						color="gray"
						aria-label={`${label}: reserved for calls under way`}
					/>
				)}
			</Progress.Root>
		</div>
	);
}

function BudgetForm({ budget, onDone }: { budget: ModelBudgetOut; onDone: () => void }) {
	const set = useSetBudget();
	const form = useForm({
		initialValues: {
			limit_micros: (budget.limit_micros / 1_000_000) as number | string,
			limit_tokens: budget.limit_tokens as number | string,
		},
		validate: {
			limit_micros: (dollars) => (fromDollars(dollars) === undefined ? "An amount in dollars" : null),
			limit_tokens: (number) => (typeof number === "number" && number >= 0 ? null : "A number of tokens"),
		},
	});
	return (
		<form
			noValidate
			onSubmit={form.onSubmit(({ limit_micros, limit_tokens }) =>
				set.mutate(
					{
						body: {
							limit_micros: fromDollars(limit_micros) ?? 0,
							limit_tokens: Math.round(Number(limit_tokens)),
						},
					},
					{
						onSuccess: () => {
							say("Saved");
							onDone();
						},
						onError: (error) => form.setErrors(fieldErrors(error)),
					},
				),
			)}
		>
			<Stack gap="sm" mt="md">
				{set.isError && (
					<Alert color="red" role="alert">
						{sentence(set.error)}
					</Alert>
				)}
				<Group align="flex-start" grow>
					<NumberInput
						label="Dollars a month"
						description="For models whose price is known"
						min={0}
						prefix="$"
						decimalScale={2}
						thousandSeparator=","
						autoFocus
						{...form.getInputProps("limit_micros")}
					/>
					<NumberInput
						label="Tokens a month"
						description="For all; none at all stops every call"
						min={0}
						allowDecimal={false}
						thousandSeparator=","
						{...form.getInputProps("limit_tokens")}
					/>
				</Group>
				<Group justify="flex-end" gap="xs">
					<Button variant="default" onClick={onDone}>
						Cancel
					</Button>
					<Button type="submit" loading={set.isPending}>
						Save
					</Button>
				</Group>
			</Stack>
		</form>
	);
}
