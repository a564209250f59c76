package enishi.agent;

import enishi.access.Secret;
import enishi.agent.capture.CaptureException;
import enishi.agent.capture.Ladder;
import enishi.agent.fold.Folded;
import enishi.agent.report.Gaps;
import enishi.agent.report.HttpPost;
import enishi.agent.report.ReportContents;
import enishi.agent.report.Reporter;
import enishi.agent.report.Sender;
import enishi.agent.report.SenderState;
import enishi.agent.settings.HostIdentity;
import enishi.agent.settings.Reason;
import enishi.agent.settings.ServerAddress;
import enishi.agent.settings.Settings;
import enishi.agent.settings.TokenFile;
import enishi.agent.settings.Trust;
import enishi.agent.spool.Spool;
import enishi.agent.spool.SpoolCounters;
import enishi.agent.spool.SpoolLimits;
import enishi.model.HostAddress;
import enishi.model.HostId;
import enishi.settings.ConfigurationException;
import enishi.settings.ExitCode;
import enishi.settings.Home;
import enishi.wire.v1.AgentStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/** The stages of one agent, wired: watch → reporter → spool → sender → server, and the account of them all. */
final class Agent implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Agent.class.getName());
    private static final Path PROC = Path.of("/proc");
    private static final long LAST_SEND_MILLIS = 2_000;
    private final InstantSource clock = InstantSource.system();
    private final long startedAtMillis = clock.millis();
    private final AgentLock lock;
    private final HostFacts facts;
    private final ServerAddress server;
    private final SpoolLimits spoolLimits;
    private final Gaps gaps = new Gaps();
    private final Spool spool;
    private final Sender sender;
    private final Watch watch;
    private final StatusFile status;

    /** Starts every stage. @throws IOException if the spool cannot be opened */
    static Agent start(Settings settings) throws ConfigurationException, IOException, CaptureException {
        AgentLock lock = AgentLock.take(settings.home().agentLock());
        boolean started = false;
        try {
            Agent agent = new Agent(settings, lock);
            started = true;
            return agent;
        } finally {
            if (!started) {
                lock.close();
            }
        }
    }

    private Agent(Settings settings, AgentLock lock) throws ConfigurationException, IOException, CaptureException {
        this.lock = lock;
        Home home = settings.home();
        server = ServerAddress.of(settings);
        Optional<SSLSocketFactory> trust = settings.tlsCa().isPresent()
                ? Optional.of(Trust.of(settings.tlsCa().get()))
                : Optional.empty();
        TokenFile token = new TokenFile(settings.tokenFile());
        HostId host = new HostIdentity(home.hostId()).resolve(settings.hostId(), Secret.hostOf(read(token)));
        facts = new HostFacts(host, settings.hostName(), settings.labels(), PROC);
        spoolLimits = new SpoolLimits(settings.spoolMib() * 1024L * 1024L);
        spool = Spool.open(home.spool(), spoolLimits, new ReportContents(gaps));
        sender = new Sender(spool, new HttpPost(server::now, token::read, trust), clock);
        Duration flush = Duration.ofSeconds(settings.flushSeconds());
        watch = Watch.open(
                new Watch.Wanted(
                        settings.rung(),
                        new Ladder.Extras(settings.udpBytes(), settings.names()),
                        settings.containerRuntimeSocket()),
                host,
                new Watch.Rhythm(PROC, clock, flush, new ToReporter()));
        sender.start();
        status = new StatusFile(home.agentStatus(), this::account);
        status.start();
        LOG.log(
                Level.INFO,
                "watching host {0} ({1}) on rung {2}, reporting to {3}",
                facts.name(),
                host,
                watch.account().rung().label(),
                serverText());
    }

    /** Hands what was folded to the reporter, with the host's addresses of that moment. */
    private final class ToReporter implements Watch.Sink {
        private List<HostAddress> addresses = List.of();
        private final Reporter reporter = new Reporter(
                new Reporter.Origin(() -> facts.with(addresses), new SecureRandom()::nextLong), spool, gaps, clock);

        @Override
        public void accept(Folded folded) {
            reporter.accept(folded);
        }

        @Override
        public void beginIncarnation() {
            LOG.log(Level.WARNING, "the wall clock ran backwards; a new incarnation begins");
            reporter.beginIncarnation();
        }

        @Override
        public void addresses(List<HostAddress> now) {
            addresses = now;
        }

        /** An agent that watches nothing must not look alive: whoever keeps it running starts it anew. */
        @Override
        public void ended(Throwable by) {
            LOG.log(Level.ERROR, "watching ended by a bug of ours; the agent ends", by);
            Runtime.getRuntime().halt(ExitCode.BUG.code());
        }
    }

    /** Flushes, sends what it can within two seconds, keeps the rest. */
    @Override
    public void close() {
        watch.close();
        try {
            sender.finish(LAST_SEND_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
        spool.close();
        status.close();
        lock.close();
    }

    private static String read(TokenFile token) throws ConfigurationException {
        try {
            String text = token.read();
            if (token.isOpenToOthers()) {
                LOG.log(Level.WARNING, "others may read the token in {0}; chmod 600 it", token.path());
            }
            return text;
        } catch (IOException e) {
            throw new ConfigurationException("cannot read the token from " + token.path() + " (" + Reason.of(e)
                    + "); start the server of this home first, or name the file that 'enishi server invite' printed"
                    + " with --token-file");
        }
    }

    private String serverText() {
        try {
            URI now = server.now();
            return now.getScheme() + "://" + now.getAuthority();
        } catch (IOException e) {
            return "nowhere yet (" + Reason.of(e) + ")";
        }
    }

    private AgentStatus account() {
        var wire = AgentStatus.newBuilder()
                .setPid((int) ProcessHandle.current().pid())
                .setHostId(StatusFile.bytes(facts.id()))
                .setHostName(facts.name())
                .setStartedAtMillis(startedAtMillis)
                .setWrittenAtMillis(clock.millis())
                .setServer(serverText());
        watched(wire);
        reported(wire);
        return wire.build();
    }

    private void watched(AgentStatus.Builder wire) {
        Watch.Account seen = watch.account();
        wire.setRung(StatusFile.rung(seen.rung()))
                .setPolls(seen.polls())
                .setFailedPolls(seen.capture().failedPolls())
                .setSeen(seen.capture().seen())
                .setLost(seen.capture().lost())
                .setUnseenPeers(seen.capture().unseenPeers())
                .setUnaccounted(seen.capture().unaccounted())
                .setConnections(seen.fold().connections())
                .setFlows(seen.fold().flows())
                .setUnknownOwner(seen.fold().unknownOwner())
                .setUnreadableProcesses(seen.unreadableProcesses())
                .setDropped(seen.fold().dropped()
                        + seen.fold().unfollowed()
                        + seen.fold().untranslated()
                        + gaps.droppedFacts())
                .setUnix(seen.unix())
                .setNat(seen.nat())
                .addAllLimits(seen.limits());
        seen.probes().forEach(each -> wire.addProbes(StatusFile.probe(each)));
    }

    private void reported(AgentStatus.Builder wire) {
        SpoolCounters spooled = spool.counters();
        SenderState sending = sender.state();
        wire.setSpoolBytes(spooled.bytes())
                .setSpoolBytesMax(spoolLimits.spoolBytesMax())
                .setSpoolReports(spooled.waiting())
                .setReportsDropped(spooled.dropped() + spooled.failedAppends())
                .setReportsAcknowledged(spooled.acknowledged())
                .setLastAcknowledgedAtMillis(sending.lastAcknowledgedAtMillis())
                .setLastError(sending.lastError());
    }
}
