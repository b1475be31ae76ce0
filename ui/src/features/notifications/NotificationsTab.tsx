import { Stack } from "@mantine/core";
import { failed, onItsWay } from "@/api/problems";
import { useCan } from "@/api/session";
import { LoadingRows, ProblemPanel } from "@/shared/states";
import { ChannelPanel } from "./ChannelPanel";
import { ChannelsSection } from "./ChannelsSection";
import { DigestSection } from "./DigestSection";
import { KindMatrix } from "./KindMatrix";
import { MailCard } from "./MailCard";
import { MutesSection } from "./MutesSection";
import { QuietForm } from "./QuietForm";
import { useChannels, useDigest, useMail, useMutes, usePreferences } from "./queries";

type Props = { channel: string | undefined; onChannel: (id: string | undefined) => void };

/** Settings > Notifications: what one hears oneself, then where the organization is told. */
export default function NotificationsTab({ channel, onChannel }: Props) {
	const preferences = usePreferences();
	const admin = useCan("admin");
	const beside = [useDigest(), useMutes(), useChannels(), useMail()];
	if (preferences.isPending || beside.some(onItsWay)) return <LoadingRows what="preferences" rows={6} />;
	if (failed(preferences)) return <ProblemPanel error={preferences.error} retry={preferences.refetch} />;
	return (
		<Stack gap="xl" maw={920}>
			<DigestSection />
			<KindMatrix preferences={preferences.data} />
			<QuietForm preferences={preferences.data} />
			<MutesSection />
			<ChannelsSection open={channel} onOpen={onChannel} mayShare={admin} />
			<MailCard />
			{channel && (
				<ChannelPanel key={channel} id={channel} mayShare={admin} onClose={() => onChannel(undefined)} />
			)}
		</Stack>
	);
}
