package enishi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.model.Address;
import enishi.model.Coverage;
import enishi.model.Evidence;
import enishi.model.Flow;
import enishi.model.FlowObservations;
import enishi.model.Host;
import enishi.model.HostId;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Program;
import enishi.model.Report;
import enishi.model.Role;
import enishi.model.Rung;
import enishi.model.Traffic;
import enishi.model.Translation;
import enishi.model.TranslationMinute;
import enishi.model.TranslationMinutes;
import enishi.model.Transport;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportCodecTest {
    private static final HostId HOST = HostId.parse("000102030405060708090a0b0c0d0e0f");

    private static final String GOLDEN =
            "0801122d0a10000102030405060708090a0b0c0d0e0f1204776562311a04626f6f742a0d0a04736974651205746f6b796f19"
                    + "080706050403020120092880f0d380d23232160a056e67696e78120d6e67696e782e736572766963653a040a00000b3a040a"
                    + "000015423210001801280130c03e3801422508c082ea0d10031802200128013205086410d00f38d201480550065a01016205"
                    + "08ac06104d521408c082ea0d100319030000000000000020033801";

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static Report golden() {
        Flow flow = new Flow(
                HOST,
                0,
                new Program("nginx", "nginx.service", null),
                Role.CLIENT,
                Address.parse("10.0.0.11"),
                Address.parse("10.0.0.21"),
                8000,
                Transport.TCP);
        Observation observation = new Observation(
                29_000_000,
                3,
                2,
                1,
                1,
                new Traffic(100, 2000),
                210,
                0,
                5,
                6,
                Set.of(Evidence.CONNECT),
                List.of(new ProcessId(812, 77)),
                0);
        return new Report(
                new Host(HOST, "web1", "boot", List.of(), Map.of("site", "tokyo")),
                0x0102030405060708L,
                9,
                1_740_000_000_000L,
                List.of(new FlowObservations(flow, List.of(observation))),
                List.of(),
                List.of(new Coverage(29_000_000, Rung.SOCK_DIAG, 0b11, 3, 0, 0, 1, 0, 0)));
    }

    /** Agents and servers of different ages talk: these bytes stay, whatever happens to the code. */
    @Test
    void bytesOfVersionOneNeverChange() throws MalformedReportException {
        byte[] bytes = HexFormat.of().parseHex(GOLDEN);
        assertThat(HexFormat.of().formatHex(ReportCodec.encode(golden()))).isEqualTo(GOLDEN);
        assertThat(ReportCodec.decode(bytes)).isEqualTo(golden());
    }

    /** The golden report counts little, and a count of zero is not written. */
    @Test
    void everyCountOfCoverageKeepsItsNumber() {
        Coverage coverage = new Coverage(29_000_000, Rung.EBPF, 0b11, 1, 2, 3, 4, 5, 6);
        Report golden = golden();
        byte[] bytes = ReportCodec.encode(new Report(
                golden.host(), golden.incarnation(), 9, 0, golden.flows(), golden.listeners(), List.of(coverage)));
        assertThat(HexFormat.of().formatHex(bytes))
                .endsWith("521c08c082ea0d1001190300000000000000" + "200128023003380440054806");
    }

    @Test
    void everyFieldOfATranslationKeepsItsNumber() {
        Translation translation = new Translation(
                HOST,
                1,
                Transport.TCP,
                Address.parse("10.0.0.1"),
                Address.parse("10.0.0.2"),
                2,
                Address.parse("10.0.0.3"),
                3,
                Address.parse("10.0.0.4"));
        byte[] bytes = ReportCodec.encode(new Report(
                golden().host(),
                1,
                9,
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(new TranslationMinutes(translation, List.of(new TranslationMinute(1, 2, 3, 4, 5))))));
        assertThat(HexFormat.of().formatHex(bytes))
                .contains("3a040a0000013a040a0000023a040a0000033a040a000004")
                .endsWith("6a1a0801100120012802300238034003" + "4a0a08011002180320042805");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsEncodedIsDecoded(long seed) throws MalformedReportException {
        Report report = new RandomReports(seed).next();
        assertThat(ReportCodec.decode(ReportCodec.encode(report))).isEqualTo(report);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void damagedBytesThrowNothingButTheDeclaredError(long seed) {
        byte[] bytes = ReportCodec.encode(new RandomReports(seed).next());
        Random random = new Random(seed);
        int refused = 0;
        for (int cut = 0; cut < bytes.length; cut += 1 + bytes.length / 500) {
            refused += isRefused(Arrays.copyOf(bytes, cut)) ? 1 : 0;
        }
        for (int round = 0; round < 2_000; round++) {
            byte[] damaged = bytes.clone();
            for (int flips = random.nextInt(8); flips >= 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            refused += isRefused(damaged) ? 1 : 0;
        }
        assertThat(refused).isPositive();
    }

    @Test
    void noiseThrowsNothingButTheDeclaredError() {
        Random random = new Random(7);
        long refused = IntStream.range(0, 2_000)
                .filter(round -> {
                    byte[] noise = new byte[random.nextInt(300)];
                    random.nextBytes(noise);
                    return isRefused(noise);
                })
                .count();
        assertThat(refused).isEqualTo(2_000);
    }

    @Test
    void anotherVersionIsRefusedByItsNumber() {
        byte[] other = enishi.wire.v1.Report.newBuilder().setVersion(2).build().toByteArray();
        assertThatThrownBy(() -> ReportCodec.decode(other))
                .isInstanceOf(MalformedReportException.class)
                .hasMessageContaining("version 2");
    }

    /** Any other exception than the declared one fails the test by itself. */
    private static boolean isRefused(byte[] bytes) {
        try {
            return ReportCodec.decode(bytes) == null;
        } catch (MalformedReportException e) {
            return true;
        }
    }
}
