package enishi.server.store.recent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LongIndexTest {
    @Test
    void numbersAsAMapOfBoxedValuesDoes() {
        Random random = new Random(3);
        LongIndex index = new LongIndex();
        Map<Long, Integer> boxed = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            long value = i % 3 == 0 ? random.nextLong() : random.nextInt(5_000);
            assertThat(index.get(value)).isEqualTo(boxed.getOrDefault(value, -1));
            if (index.get(value) < 0) {
                assertThat(index.add(value)).isEqualTo(boxed.size());
                boxed.put(value, boxed.size());
            }
        }
        boxed.forEach((value, number) -> {
            assertThat(index.get(value)).isEqualTo(number);
            assertThat(index.value(number)).isEqualTo(value);
        });
        assertThat(index.size()).isEqualTo(boxed.size());
        assertThatThrownBy(() -> index.add(boxed.keySet().iterator().next()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
