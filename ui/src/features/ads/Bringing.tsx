import { Alert, Anchor, Button, FileInput, Group, Stack, Text } from "@mantine/core";
import { FileUp } from "lucide-react";
import type { ReactNode } from "react";
import type { FaultOut } from "@/api/generated/types.gen";
import { isProblem, sentence } from "@/api/problems";
import { capital, count } from "@/shared/numbers";
import classes from "./AdAccounts.module.css";

/** What every table that is brought in has: a file, a try before anything is stored, and what is wrong with it. */

type FileProps = {
	label: string;
	about?: string;
	accept: string;
	value: File | null;
	onChange: (file: File | null) => void;
};

export function TableFile({ label, about, accept, value, onChange }: FileProps) {
	return (
		<FileInput
			label={label}
			description={about}
			placeholder="Choose a file"
			accept={accept}
			clearable
			styles={{ placeholder: { color: "var(--mantine-color-dimmed)" } }}
			clearButtonProps={{ "aria-label": "Take the table away" }}
			value={value}
			onChange={onChange}
		/>
	);
}

type TryProps = { disabled: boolean; busy: boolean; variant?: "default"; onTry: () => void };

export function TryIt({ disabled, busy, variant, onTry }: TryProps) {
	return (
		<Group>
			<Button
				variant={variant}
				leftSection={<FileUp size={16} />}
				disabled={disabled}
				loading={busy}
				onClick={onTry}
			>
				Try it
			</Button>
			<Text size="xs" c="dimmed">
				Nothing is stored yet.
			</Text>
		</Group>
	);
}

/** A table that was not taken: why, what mends it here if anything does, and the page that says what to do. */
export function NotTaken({ error, children }: { error: unknown; children?: ReactNode }) {
	const { why } = error as { why?: string };
	return (
		<Alert color="red" role="alert" title={sentence(error)}>
			<Stack gap="xs">
				{children ?? (why && <Text size="sm">{`${capital(why)}.`}</Text>)}
				<Text size="sm">Nothing was stored.</Text>
				{isProblem(error) && error.code && (
					<Anchor href={`/errors/${error.code}`} target="_blank" size="sm">
						What to do
					</Anchor>
				)}
			</Stack>
		</Alert>
	);
}

const SHOWN = 10;

/** The cells that cannot be read, the first ones of them, and how many there are besides. */
export function CellFaults({ faults, more }: { faults: FaultOut[]; more: (left: number) => ReactNode }) {
	return (
		<>
			<ul className={classes.faults}>
				{faults.slice(0, SHOWN).map(({ row, column, said, problem }) => (
					<li key={`${row} ${column}`}>
						<Text size="sm">
							Row {count(row)}, {column}: {problem}
							{said && ` (“${said}”)`}
						</Text>
					</li>
				))}
			</ul>
			{faults.length > SHOWN && (
				<Text size="xs" c="dimmed">
					{more(SHOWN)}
				</Text>
			)}
		</>
	);
}
