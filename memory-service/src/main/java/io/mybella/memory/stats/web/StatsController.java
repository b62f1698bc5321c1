package io.mybella.memory.stats.web;

import io.mybella.chassis.security.Caller;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.stats.MemoryFigures;
import io.mybella.memory.stats.MemoryStats;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("!embedder")
class StatsController {

  private final MemoryFigures figures;

  StatsController(MemoryFigures figures) {
    this.figures = figures;
  }

  @GetMapping("/api/personas/{id}/memory/stats")
  MemoryStats stats(Caller caller, @PathVariable long id) {
    return figures.of(new PairId(caller.userId(), id));
  }
}
