import { Alert, Button, Card, Group, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { proposeMutation } from "@/api/generated/@tanstack/react-query.gen";
import type { BrandProposal } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";

export function BrandStep({ onProposal }: { onProposal: (proposal: BrandProposal) => void }) {
	const form = useForm({
		initialValues: { name_or_website: "" },
		validate: { name_or_website: (text) => (text.trim() ? null : "A name, or the address of its site") },
	});
	const propose = useMutation({ ...proposeMutation(), onSuccess: onProposal });
	return (
		<Card p={{ base: "md", xs: "xl" }}>
			<form onSubmit={form.onSubmit((body) => propose.mutate({ body }))} noValidate>
				<Stack gap="md">
					<div>
						<Title order={1}>Which brand or client?</Title>
						<Text c="dimmed" size="sm">
							Its name, or better the address of its site: the site is read, and a profile proposed.
						</Text>
					</div>
					{propose.isError && (
						<Alert color="red" role="alert">
							{sentence(propose.error)}
						</Alert>
					)}
					<Group gap="sm" align="flex-start">
						<TextInput
							flex="1 1 200px"
							size="md"
							aria-label="Brand name or website"
							placeholder="acme.com or Acme"
							autoFocus
							disabled={propose.isPending}
							{...form.getInputProps("name_or_website")}
						/>
						<Button size="md" type="submit" loading={propose.isPending}>
							Go on
						</Button>
					</Group>
					{propose.isPending && (
						<Stack gap="xs" role="status" aria-label="Reading the site">
							<Text size="sm" c="dimmed">
								Reading the site, asking the catalogue, counting names…
							</Text>
							<Skeleton h={12} w="70%" />
							<Skeleton h={12} w="55%" />
						</Stack>
					)}
				</Stack>
			</form>
		</Card>
	);
}
