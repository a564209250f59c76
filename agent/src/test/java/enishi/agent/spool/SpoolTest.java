package enishi.agent.spool;

import static enishi.agent.spool.SpoolText.bytes;
import static enishi.agent.spool.SpoolText.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final SpoolLimits LIMITS = new SpoolLimits(16 * 1024);

    @TempDir
    Path folder;

    private final RecordingContents contents = new RecordingContents();

    private Spool open() throws IOException {
        return Spool.open(folder, LIMITS, contents);
    }

    @Test
    void givesReportsInTheOrderTheyCame() throws IOException {
        try (Spool spool = open()) {
            for (int i = 0; i < 100; i++) {
                spool.append(bytes("report " + i));
            }
            List<String> all = drain(spool);
            assertThat(all).hasSize(100).startsWith("report 0", "report 1").endsWith("report 99");
        }
    }

    @Test
    void exactlyTheUnacknowledgedComeBackAfterEveryReopening() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int run = 0; run < 20; run++) {
            Spool spool = open();
            for (int i = 0; i < 7; i++) {
                spool.append(bytes(run + "/" + i));
                expected.add(run + "/" + i);
            }
            for (int i = 0; i < 5; i++) {
                SpoolRecord next = spool.peek().orElseThrow();
                assertThat(next.bytes()).asString().isEqualTo(expected.removeFirst());
                spool.acknowledge(next);
            }
            if (run % 2 == 0) {
                spool.close(); // every other run ends like a killed one, with its files left open
            }
        }
        try (Spool spool = open()) {
            assertThat(spool.counters().found()).isEqualTo(expected.size());
            assertThat(drain(spool)).isEqualTo(expected);
        }
    }

    @Test
    void aPeekedReportStaysUntilItIsAcknowledged() throws IOException {
        try (Spool spool = open()) {
            spool.append(bytes("a"));
            assertThat(spool.peek()).containsSame(spool.peek().orElseThrow());
            assertThat(spool.counters().waiting()).isEqualTo(1);
        }
    }

    @Test
    void deletesSegmentsOnceAllInThemIsAcknowledged() throws IOException {
        try (Spool spool = open()) {
            for (int i = 0; i < 60; i++) {
                spool.append(new byte[200]);
            }
            assertThat(SpoolText.segmentsIn(folder)).hasSizeGreaterThan(10);
            drain(spool);
        }
        assertThat(SpoolText.segmentsIn(folder)).isEmpty();
    }

    @Test
    void neverTakesMoreThanItsCapAndTellsWhatItDropped() throws IOException {
        List<String> appended = new ArrayList<>();
        try (Spool spool = open()) {
            for (int i = 0; i < 1000; i++) {
                String report = i + "x".repeat(i % 300);
                spool.append(bytes(report));
                appended.add(report);
                assertThat(SpoolText.bytesIn(folder))
                        .isLessThanOrEqualTo(LIMITS.spoolBytesMax() + LIMITS.segmentBytesMax());
            }
            SpoolCounters counters = spool.counters();
            assertThat(counters.dropped()).isPositive().isEqualTo(contents.dropped.size());
            assertThat(counters.appended()).isEqualTo(counters.dropped() + counters.waiting() + counters.folded());
            List<String> left = drain(spool);
            assertThat(appended).endsWith(left.toArray(String[]::new));
            assertThat(appended).startsWith(contents.dropped.toArray(String[]::new));
            assertThat(left).hasSize((int) counters.waiting());
        }
    }

    @Test
    void foldsBeforeItDrops() throws IOException {
        try (Spool spool = open()) {
            for (int i = 0; i < 200; i++) {
                spool.append(bytes((i % 2 == 0 ? "even:" : "odd:") + " ".repeat(96) + i));
            }
            assertThat(spool.counters().folded()).isPositive();
            assertThat(spool.counters().dropped()).isZero();
            assertThat(contents.dropped).isEmpty();
            assertThat(drain(spool)).last().asString().endsWith("199");
            SpoolCounters counters = spool.counters();
            assertThat(counters.appended()).isEqualTo(counters.acknowledged() + counters.folded());
        }
    }

    @Test
    void whatIsAcknowledgedAfterItWasDroppedCountsAsDropped() throws IOException {
        try (Spool spool = open()) {
            spool.append(bytes("first"));
            SpoolRecord inFlight = spool.peek().orElseThrow();
            for (int i = 0; i < 100; i++) {
                spool.append(bytes(i + "x".repeat(500)));
            }
            assertThat(contents.dropped).contains("first");
            spool.acknowledge(inFlight);
            assertThat(spool.counters().acknowledged()).isZero();
        }
    }

    @Test
    void refusedReportsAreKeptAsideAndLetTheNextPass() throws IOException {
        try (Spool spool = open()) {
            spool.append(bytes("poison"));
            spool.append(bytes("good"));
            spool.refuse(spool.peek().orElseThrow());
            assertThat(drain(spool)).containsExactly("good");
            assertThat(spool.counters().dropped()).isEqualTo(1);
        }
        assertThat(contents.dropped).containsExactly("poison");
        assertThat(folder.resolve("0000000000000001.refused")).hasContent("poison");
    }

    @Test
    void keepsOnlySoMuchOfWhatWasRefused() throws IOException {
        try (Spool spool = open()) {
            for (int i = 0; i < 100; i++) {
                spool.append(new byte[100]);
                spool.refuse(spool.peek().orElseThrow());
            }
        }
        assertThat(SpoolText.bytesIn(folder)).isLessThanOrEqualTo(LIMITS.quarantineBytesMax() + 12);
    }

    @Test
    void aReportThatFitsNoSegmentIsAnError() throws IOException {
        try (Spool spool = open()) {
            assertThatThrownBy(() -> spool.append(new byte[spool.recordBytesMax() + 1]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("does not fit");
            assertThat(spool.counters().failedAppends()).isEqualTo(1);
        }
    }

    @Test
    void foreignFilesAreLeftAlone() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "mine");
        Files.writeString(folder.resolve("zz.segment"), "mine too");
        try (Spool spool = open()) {
            spool.append(bytes("a"));
            assertThat(drain(spool)).containsExactly("a");
        }
        assertThat(folder.resolve("notes.txt")).exists();
        assertThat(folder.resolve("zz.segment")).exists();
    }
}
