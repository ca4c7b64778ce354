package dev.hfsm.benchmarks;

import dev.hfsm.model.MediaType;
import dev.hfsm.model.TransformerId;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.util.List;

/** Inspects whatever comes and makes no variants, so that what is measured is all around it. */
abstract class InspectOnly implements Transformer {

  @Override
  public final TransformerId id() {
    return new TransformerId("inspect-only", 1);
  }

  @Override
  public final boolean inspects(MediaType source) {
    return true;
  }

  @Override
  public final boolean accepts(MediaType source, Transformation resolved) {
    return false;
  }

  @Override
  public final List<Rendition> render(Source source, List<Transformation> wanted, Budget budget) {
    throw new IllegalStateException("accepts nothing");
  }
}
