import { ActionIcon, Button, Input, Select, TextInput, Tooltip } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { CaseSensitive, Plus, TextSearch, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { BrandValues } from "./BrandForm";
import classes from "./Brands.module.css";
import { NAME_KINDS } from "./kinds";
import { Variations } from "./Variations";

const SHOWN = 50;

/** The names under which the brand is found, each with its kind and its rules. */
export function NamesEditor({ form }: { form: UseFormReturnType<BrandValues> }) {
	// Hundreds of rows of fields would make each key stroke wait.
	const [most, setMost] = useState(SHOWN);
	const rows = useRef<HTMLDivElement>(null);
	const added = useRef(false);
	const { names } = form.values;
	useEffect(() => {
		// Who asks for a row means to write into it.
		if (added.current)
			rows.current?.querySelector<HTMLInputElement>(`[aria-label="Name ${names.length}"]`)?.focus();
		added.current = false;
	}, [names.length]);
	return (
		<Input.Wrapper
			label="Found as"
			labelElement="div"
			description="The rules are chosen by how common the word is, until you set them"
		>
			<div ref={rows} className={classes.names} style={{ marginTop: 8 }}>
				{names.slice(0, most).map(({ text, case_sensitive, needs_context }, at) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: rows are edited in place and have no other identity
					<div key={at} className={classes.row}>
						<TextInput aria-label={`Name ${at + 1}`} {...form.getInputProps(`names.${at}.text`)} />
						<Select
							aria-label={`Kind of name ${at + 1}`}
							allowDeselect={false}
							data={NAME_KINDS}
							{...form.getInputProps(`names.${at}.kind`)}
						/>
						<div className={classes.tools}>
							<Rule
								label={`Case matters for ${text || "this name"}`}
								on={case_sensitive}
								onChange={(on) => form.setFieldValue(`names.${at}.case_sensitive`, on)}
							>
								<CaseSensitive size={18} />
							</Rule>
							<Rule
								label={`Context needed for ${text || "this name"}`}
								on={needs_context}
								onChange={(on) => form.setFieldValue(`names.${at}.needs_context`, on)}
							>
								<TextSearch size={17} />
							</Rule>
							<ActionIcon
								variant="subtle"
								color="gray"
								aria-label={`Remove ${text || "this name"}`}
								onClick={() => form.removeListItem("names", at)}
							>
								<X size={16} />
							</ActionIcon>
						</div>
					</div>
				))}
				{names.length > most && (
					<Button variant="subtle" size="compact-sm" w="fit-content" onClick={() => setMost(most + SHOWN)}>
						Show {Math.min(SHOWN, names.length - most)} more of {names.length} names
					</Button>
				)}
				<Button
					variant="subtle"
					size="compact-sm"
					w="fit-content"
					leftSection={<Plus size={15} />}
					onClick={() => {
						added.current = true;
						form.insertListItem("names", {
							text: "",
							kind: "short",
							case_sensitive: null,
							needs_context: null,
						});
						setMost(Math.max(most, names.length + 1));
					}}
				>
					Add a name
				</Button>
			</div>
			<Variations form={form} />
		</Input.Wrapper>
	);
}

type RuleProps = {
	label: string;
	on: boolean | null | undefined;
	onChange: (on: boolean) => void;
	children: React.ReactNode;
};

function Rule({ label, on, onChange, children }: RuleProps) {
	return (
		<Tooltip label={`${label}: ${on === null || on === undefined ? "chosen for you" : on ? "yes" : "no"}`}>
			<ActionIcon
				variant={on ? "light" : "subtle"}
				color={on ? "iris" : "gray"}
				aria-label={label}
				aria-pressed={Boolean(on)}
				onClick={() => onChange(!on)}
			>
				{children}
			</ActionIcon>
		</Tooltip>
	);
}
