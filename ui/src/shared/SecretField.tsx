import { PasswordInput, type PasswordInputProps } from "@mantine/core";

/** A field for a password or a key, which can be shown by keyboard too, and which says that it is wrong to those who cannot see it. */
export function SecretField(props: PasswordInputProps) {
	return (
		<PasswordInput
			visibilityToggleFocusable
			visibilityToggleButtonProps={{ "aria-label": `Show the ${String(props.label).toLowerCase()}` }}
			aria-invalid={Boolean(props.error) || undefined}
			{...props}
		/>
	);
}
