package enishi.agent.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongMapTest {

    /** Against the map of the JDK, with keys that collide often. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void itHoldsWhatAMapHolds(long seed) {
        Random random = new Random(seed);
        Map<Long, String> map = new HashMap<>();
        LongMap<String> ours = new LongMap<>();
        for (int i = 0; i < 50_000; i++) {
            long key = (long) random.nextInt(3_000) << (random.nextInt(3) * 12);
            if (random.nextInt(3) == 0) {
                assertThat(ours.remove(key)).isEqualTo(map.remove(key));
            } else if (map.putIfAbsent(key, "value " + i) == null) {
                ours.add(key, "value " + i);
            }
        }
        assertThat(ours.size()).isEqualTo(map.size());
        map.forEach((key, value) -> assertThat(ours.get(key)).isEqualTo(value));
        assertThat(ours.get(-1)).isNull();
    }
}
