// From an estimate and its error to what is reported. For this room only.
#pragma once

#include "proof/mediation/mediation.h"

namespace handsel::mediation {

Effect effect_from(double estimate, double error, double control_mean, double confidence);

}  // namespace handsel::mediation
