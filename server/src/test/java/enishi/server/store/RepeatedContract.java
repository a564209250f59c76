package enishi.server.store;

import static enishi.server.store.Reports.flow;
import static enishi.server.store.Reports.observation;
import static enishi.server.store.Reports.report;
import static enishi.server.store.Reports.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import enishi.model.Window;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises of reports in any order, and of the copy of a store: the same answers. */
interface RepeatedContract {
    /** Empty when a test begins. */
    Store store();

    /** Opens what a backup holds as a store. */
    Store open(Path backup) throws Exception;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    default void anyOrderWithRepetitionsGivesTheSameAnswers(long seed) {
        Random random = new Random(seed);
        List<Received> reports = new ArrayList<>();
        for (int sequence = 1; sequence <= 40; sequence++) {
            reports.add(Reports.random(random, sequence));
        }
        try (InMemoryStore plain = new InMemoryStore()) {
            plain.append(reports);
            reports.addAll(reports.subList(0, 20));
            Collections.shuffle(reports, random);
            for (int from = 0; from < reports.size(); from += 7) {
                store().append(reports.subList(from, Math.min(from + 7, reports.size())));
            }
            assertSame(plain, random);
        }
    }

    @Test
    default void backupIsOneFileOfItsOwnerThatAnswersAsTheStoreDidThen(@TempDir Path folder) throws Exception {
        Random random = new Random(12);
        for (int sequence = 1; sequence <= 40; sequence++) {
            store().append(List.of(Reports.random(random, sequence)));
        }
        Path file = folder.resolve("it's a \"backup\"");
        store().backup(file);
        assertThat(folder.toFile().list()).containsExactly(file.getFileName().toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Store copy = open(file)) {
            assertSame(copy, random);
        }
        store().append(List.of(report(9, 5, 1, flow(9, 1), observation(0, 1))));
        try (Store copy = open(file)) {
            assertThat(copy.hosts()).hasSize(store().hosts().size() - 1);
        }
    }

    @Test
    default void backupLeavesAFileThatIsThereAsItIs(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("precious"), "as it is");
        assertThatThrownBy(() -> store().backup(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file + " exists");
        assertThat(file).hasContent("as it is");
        assertThat(folder.toFile().list()).containsExactly("precious");
    }

    private void assertSame(Store plain, Random random) {
        assertThat(store().hosts()).containsExactlyInAnyOrderElementsOf(plain.hosts());
        for (int i = 0; i < 5; i++) {
            int from = random.nextInt(5);
            Window window = window(from, from + 1 + random.nextInt(3));
            FlowFilter some = new FlowFilter(
                    Set.of(Reports.host(1).id()), Set.of(flow(0, 2).remote()));
            for (FlowFilter filter : List.of(FlowFilter.ALL, some)) {
                assertThat(store().flows(window, filter))
                        .containsExactlyInAnyOrderElementsOf(plain.flows(window, filter));
                assertThat(store().listeners(window, filter))
                        .containsExactlyInAnyOrderElementsOf(plain.listeners(window, filter));
            }
            assertThat(store().coverage(window)).containsExactlyInAnyOrderElementsOf(plain.coverage(window));
        }
    }
}
