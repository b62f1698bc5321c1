package io.mybella.web;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Shares the files of this release before anybody is sent here for a page. */
@Component
class KeptRelease implements ApplicationRunner {

  private final Assets assets;
  private final ReleaseStore store;

  KeptRelease(Assets assets, ReleaseStore store) {
    this.assets = assets;
    this.store = store;
  }

  @Override
  public void run(ApplicationArguments arguments) {
    store.keep(assets.digest(), assets.contents());
  }
}
