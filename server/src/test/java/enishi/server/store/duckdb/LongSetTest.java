package enishi.server.store.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LongSetTest {
    @Test
    void behavesAsASetOfBoxedNumbers() {
        Random random = new Random(3);
        LongSet set = new LongSet();
        Set<Long> boxed = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            long value = i % 3 == 0 ? random.nextLong() : random.nextInt(5_000);
            assertThat(set.add(value)).isEqualTo(boxed.add(value));
        }
        for (long value = -100; value < 5_100; value++) {
            assertThat(set.contains(value)).isEqualTo(boxed.contains(value));
        }
    }
}
