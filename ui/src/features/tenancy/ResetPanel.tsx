import { Alert, Code, Stack, Text } from "@mantine/core";
import type { MemberOut } from "@/api/generated/types.gen";
import { isProblem, sentence } from "@/api/problems";
import { PanelDone, PanelForm, SlideOver } from "@/shared/SlideOver";
import { useMakeResetLink } from "./queries";
import { Secret } from "./Secret";

type Props = { member: MemberOut; onClose: () => void };

export function ResetPanel({ member, onClose }: Props) {
	return (
		<SlideOver title={`A new password for ${member.name}`} about={member.email} onClose={onClose}>
			<Reset member={member} />
		</SlideOver>
	);
}

function Reset({ member: { id, name } }: { member: MemberOut }) {
	const make = useMakeResetLink();
	if (make.data) {
		return (
			<PanelDone>
				<Secret title={`The link for ${name}`} secret={make.data.link}>
					It is shown only now, serves once and ends after an hour. Send it yourself, to {name} alone.
				</Secret>
			</PanelDone>
		);
	}
	return (
		<PanelForm
			onSubmit={(event) => {
				event.preventDefault();
				make.mutate({ path: { member_id: id } });
			}}
			dirty={false}
			saving={make.isPending}
			save="Make the link"
		>
			<Stack gap="md">
				{make.isError && (
					<Alert color="red" role="alert">
						{sentence(make.error)}
						{isProblem(make.error) && make.error.code === "tenancy/not-yours-to-reset" && (
							<>
								{" "}
								They belong to an organization where you are no administrator, or have a role above yours.
								Whoever runs brandhound makes a link for anybody, with <Code>brandhound reset-password</Code>.
							</>
						)}
					</Alert>
				)}
				<Text size="sm">
					For somebody who has forgotten theirs. Whoever opens the link chooses a new password and is signed
					in as {name}. Until then nothing changes; after that {name} is signed out everywhere else.
				</Text>
				<Text size="sm">An older link for {name} ends. Who made one stands in the audit.</Text>
			</Stack>
		</PanelForm>
	);
}
