package io.mybella.persona.importing;

import io.mybella.chassis.operator.RowResult;
import io.mybella.persona.account.AccountException;
import io.mybella.persona.avatar.PictureException;
import io.mybella.persona.catalog.PersonaIntake;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.importing.OriginRepository.Kept;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Service;

/** Brings the pictures of imported personas here. */
@Service
public class PictureImport {

  private final OriginRepository origins;
  private final PersonaIntake intake;

  PictureImport(OriginRepository origins, PersonaIntake intake) {
    this.origins = origins;
    this.intake = intake;
  }

  /**
   * Gives an imported persona its picture, judged and drawn anew as an upload is. One that has a
   * picture keeps it, and so does a built-in one.
   *
   * @param source names the installation
   * @param key names the picture there
   * @throws PictureException.NotNow when it cannot be drawn now
   */
  public RowResult importOne(String source, String key, PersonaId personaId, Resource picture) {
    Origin earlier = origins.find(source, List.of(key)).get(key);
    if (earlier != null) {
      return earlier.living()
          ? RowResult.present(key, earlier.personaId().value())
          : RowResult.deletedSince(key);
    }
    return switch (origins.kindOf(personaId)) {
      case MADE -> portray(source, key, personaId, picture);
      case BUILT_IN ->
          RowResult.present(key, personaId.value(), "a built-in persona keeps its picture");
      case DELETED -> RowResult.deletedSince(key);
      case OTHER -> RowResult.skipped(key, "no persona of this id was made by an import");
    };
  }

  private RowResult portray(String source, String key, PersonaId personaId, Resource picture) {
    try {
      Runnable noted = () -> origins.keep(source, List.of(new Kept(key, personaId, false)));
      return switch (intake.portray(personaId, picture, noted)) {
        case GIVEN -> RowResult.imported(key, personaId.value(), null);
        case PRESENT ->
            RowResult.present(key, personaId.value(), "the persona has a picture already");
        case NOT_THERE -> RowResult.deletedSince(key);
      };
    } catch (PictureException.Refused | PictureException.TooLarge | AccountException.Gone refused) {
      return RowResult.skipped(key, refused.detail());
    }
  }
}
