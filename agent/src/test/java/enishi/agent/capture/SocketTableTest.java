package enishi.agent.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketTableTest {

    /** Against the map of the JDK, with keys that collide often, as cookies handed out in blocks do. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void itHoldsWhatAMapHolds(long seed) {
        Random random = new Random(seed);
        Map<Long, Long> map = new HashMap<>();
        SocketTable table = new SocketTable();
        for (int i = 0; i < 50_000; i++) {
            long key = (long) random.nextInt(4_000) << (random.nextInt(3) * 12);
            if (random.nextInt(3) == 0) {
                map.remove(key);
                table.remove(key);
            } else if (map.putIfAbsent(key, (long) i + 1) == null) {
                table.add(key, i + 1, i, 7);
            }
        }
        assertThat(table.size()).isEqualTo(map.size());
        for (long high = 0; high < 4_000; high++) {
            for (int shift = 0; shift <= 24; shift += 12) {
                int slot = table.slot(high << shift);
                Long face = map.get(high << shift);
                assertThat(slot == SocketTable.NONE ? null : table.face(slot)).isEqualTo(face);
            }
        }
        List<Long> all = new ArrayList<>();
        table.of(7, all::add);
        assertThat(all).containsExactlyInAnyOrderElementsOf(map.keySet());
    }
}
