package enishi.agent.spool;

import static enishi.agent.spool.SpoolText.bytes;
import static enishi.agent.spool.SpoolText.drain;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to the files: it starts, every whole report comes back, the next append works. */
class SpoolDamageTest {
    private static final SpoolLimits LIMITS = new SpoolLimits(64 * 1024);
    private static final int RECORDS = 6;
    private static final int RECORD_BYTES = SpoolRecord.HEADER_BYTES + 10;

    @TempDir
    Path folder;

    private byte[] segment() throws IOException {
        try (Spool spool = Spool.open(folder, LIMITS, new RecordingContents())) {
            for (int i = 0; i < RECORDS; i++) {
                spool.append(bytes("report no%d".formatted(i)));
            }
        }
        return Files.readAllBytes(SpoolText.segmentsIn(folder).getFirst());
    }

    private static List<String> reports(int from, int to) {
        return IntStream.range(from, to).mapToObj("report no%d"::formatted).toList();
    }

    private List<String> reopenedWith(byte[] content) throws IOException {
        for (Path old : SpoolText.segmentsIn(folder)) {
            Files.delete(old);
        }
        Files.deleteIfExists(folder.resolve("cursor"));
        Files.write(folder.resolve("0000000000000001.segment"), content);
        try (Spool spool = Spool.open(folder, LIMITS, new RecordingContents())) {
            spool.append(bytes("the next"));
            List<String> all = drain(spool);
            assertThat(all).last().isEqualTo("the next");
            assertThat(spool.counters().waiting()).isZero();
            return all.subList(0, all.size() - 1);
        }
    }

    @Test
    void cutAtEveryByteItKeepsEveryWholeReport() throws IOException {
        byte[] whole = segment();
        assertThat(whole).hasSize(RECORDS * RECORD_BYTES);
        for (int cut = 0; cut <= whole.length; cut++) {
            assertThat(reopenedWith(Arrays.copyOf(whole, cut)))
                    .as("cut at %d", cut)
                    .isEqualTo(reports(0, cut / RECORD_BYTES));
        }
    }

    @Test
    void oneDamagedByteAnywhereCostsOneReport() throws IOException {
        byte[] whole = segment();
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x40;
            int hurt = at / RECORD_BYTES;
            List<String> expected = IntStream.range(0, RECORDS)
                    .filter(each -> each != hurt)
                    .mapToObj("report no%d"::formatted)
                    .toList();
            assertThat(reopenedWith(damaged)).as("byte %d", at).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomDamageNeverMakesUpAReport(long seed) throws IOException {
        byte[] whole = segment();
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            byte[] damaged = whole.clone();
            for (int flips = random.nextInt(30); flips >= 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            assertThat(reopenedWith(damaged)).isSubsetOf(reports(0, RECORDS)).isSorted();
        }
    }

    @Test
    void keepsAndCountsWhatIsDamaged() throws IOException {
        byte[] whole = segment();
        whole[RECORD_BYTES + 3] ^= 1;
        Files.write(folder.resolve("0000000000000001.segment"), whole);
        try (Spool spool = Spool.open(folder, LIMITS, new RecordingContents())) {
            assertThat(spool.counters().damages()).isEqualTo(1);
            assertThat(spool.counters().found()).isEqualTo(RECORDS - 1);
        }
        assertThat(folder.resolve("0000000000000001.segment.damaged"))
                .hasBinaryContent(Arrays.copyOfRange(whole, RECORD_BYTES, 2 * RECORD_BYTES));
    }

    @Test
    void noiseForFilesIsStartedFrom() throws IOException {
        byte[] noise = new byte[3000];
        new Random(5).nextBytes(noise);
        Files.write(folder.resolve("cursor"), Arrays.copyOf(noise, 12));
        assertThat(reopenedWith(noise)).isEmpty();
    }

    @Test
    void aDamagedCursorSendsAgainWhatIsThere() throws IOException {
        try (Spool spool = Spool.open(folder, LIMITS, new RecordingContents())) {
            spool.append(bytes("a"));
            spool.append(bytes("b"));
            spool.acknowledge(spool.peek().orElseThrow());
        }
        byte[] cursor = Files.readAllBytes(folder.resolve("cursor"));
        cursor[11] ^= 1;
        Files.write(folder.resolve("cursor"), cursor);
        try (Spool spool = Spool.open(folder, LIMITS, new RecordingContents())) {
            assertThat(drain(spool)).containsExactly("a", "b");
        }
    }

    @Test
    void damageWhileItRunsIsSteppedOverAndCounted() throws IOException {
        try (Spool spool = Spool.open(folder, LIMITS, new RecordingContents())) {
            for (int i = 0; i < RECORDS; i++) {
                spool.append(bytes("report no%d".formatted(i)));
            }
            Path segment = SpoolText.segmentsIn(folder).getFirst();
            byte[] content = Files.readAllBytes(segment);
            content[2 * RECORD_BYTES + 5] ^= 1;
            Files.write(segment, content);
            assertThat(drain(spool)).hasSize(RECORDS - 1).doesNotContain("report no2");
            assertThat(spool.counters().dropped()).isEqualTo(1);
            spool.append(bytes("after"));
            assertThat(drain(spool)).containsExactly("after");
        }
    }
}
